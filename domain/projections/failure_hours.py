"""How often each kind of failure came up: the sum of what all tasks contribute, hour by hour.

A row is one hour of one kind of failure of one task name, with its minutes. Like statistics they take
differences, so order and repetition take care of themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..ids import ProjectId
from ..instants import DAY, HOUR, MINUTE, Instant
from .marks import Rank
from .tasks import Share

MOST_KINDS = 200
"""Kinds of failures that a project has on one day; what comes after them is counted as OTHER."""
OTHER = "other"


class KindKey(NamedTuple):
    """A kind of failure on one day of a project."""

    project_id: ProjectId
    day: Instant
    fingerprint: str


class FailureKey(NamedTuple):
    project_id: ProjectId
    hour: Instant
    fingerprint: str
    engine: str
    name: str
    """Empty for tasks whose name is not known yet."""

    @property
    def kind(self) -> KindKey:
        return KindKey(self.project_id, self.hour - self.hour % DAY, self.fingerprint)


class FailureSpan(NamedTuple):
    """Some stretch of time of one kind of failure and one task name."""

    fingerprint: str
    engine: str
    name: str
    at: Instant
    """Its start."""
    failed: int
    retried: int
    first_at: Instant
    """The first and the last minute with any."""
    last_at: Instant


@dataclass(slots=True)
class FailureHour:
    """As a difference, its numbers may be negative."""

    key: FailureKey
    minutes: dict[int, list[int]] = field(default_factory=dict)
    """Minute of the hour -> how many failed for good, and how many were to be tried again."""

    def count(self, minute: int, failed: int, retried: int) -> None:
        counts = self.minutes.get(minute, (0, 0))
        self.minutes[minute] = [counts[0] + failed, counts[1] + retried]
        if self.minutes[minute] == [0, 0]:
            del self.minutes[minute]

    def add(self, other: FailureHour) -> None:
        for minute, (failed, retried) in other.minutes.items():
            self.count(minute, failed, retried)

    @property
    def is_empty(self) -> bool:
        return not self.minutes

    def spans(self, since: Instant, until: Instant, step: int) -> Iterator[FailureSpan]:
        """Its minutes by steps that divide an hour."""
        by_step: dict[Instant, list[tuple[Instant, list[int]]]] = {}
        for minute, counts in sorted(self.minutes.items()):
            at = self.key.hour + minute * MINUTE
            if since <= at < until:
                by_step.setdefault(at - at % step, []).append((at, counts))
        for start, told in by_step.items():
            yield self._span(start, [counts for _, counts in told], told[0][0], told[-1][0])

    def whole(self) -> FailureSpan:
        """All of it as one."""
        hour = self.key.hour
        first, last = (hour + place(self.minutes, default=0) * MINUTE for place in (min, max))
        return self._span(hour, list(self.minutes.values()), first, last)

    def _span(
        self, at: Instant, counts: list[list[int]], first: Instant, last: Instant
    ) -> FailureSpan:
        key = self.key
        failed, retried = (sum(each[place] for each in counts) for place in (0, 1))
        return FailureSpan(key.fingerprint, key.engine, key.name, at, failed, retried, first, last)

    def to_document(self) -> dict[str, list[int]]:
        return {str(minute): counts for minute, counts in sorted(self.minutes.items())}

    @classmethod
    def from_document(cls, key: FailureKey, document: Mapping[str, Any]) -> FailureHour:
        return cls(key, {int(minute): list(counts) for minute, counts in document.items()})


def contribute(rows: dict[FailureKey, FailureHour], share: Share, sign: int) -> None:
    """Add (+1) or take away (-1) what a task contributes."""
    for attempt in share.attempts:
        if not attempt.fingerprint or attempt.ended_at is None:
            continue
        into_hour = attempt.ended_at % HOUR
        key = FailureKey(
            share.project_id,
            attempt.ended_at - into_hour,
            attempt.fingerprint,
            share.engine,
            share.name,
        )
        row = rows.get(key)
        if row is None:
            row = rows[key] = FailureHour(key)
        retried = attempt.outcome is Rank.RETRIED
        row.count(into_hour // MINUTE, 0 if retried else sign, sign if retried else 0)


def kinds_of(rows: Iterable[FailureKey]) -> list[KindKey]:
    """Sorted, so that of new ones the same are taken whatever the order of the batch."""
    return sorted({key.kind for key in rows})


def newcomers(
    wanted: Iterable[KindKey],
    known: Collection[KindKey],
    counts: Mapping[tuple[ProjectId, Instant], int],
) -> list[KindKey]:
    """Of the kinds that are not known yet, those that their days have room for.

    `counts` is how many kinds the days have that have any. A kind once taken stays, and a day once
    full takes no other, so what counts as OTHER does so for the whole day.
    """
    new: list[KindKey] = []
    taken = dict(counts)
    for key in wanted:
        day = (key.project_id, key.day)
        if key not in known and taken.get(day, 0) < MOST_KINDS:
            taken[day] = taken.get(day, 0) + 1
            new.append(key)
    return new


def regrouped(
    rows: Mapping[FailureKey, FailureHour], kept: Collection[KindKey]
) -> dict[FailureKey, FailureHour]:
    """The rows of kinds that are kept, and those of all others taken together."""
    found: dict[FailureKey, FailureHour] = {}
    for key, row in rows.items():
        place = key if key.kind in kept else key._replace(fingerprint=OTHER)
        found.setdefault(place, FailureHour(place)).add(row)
    return found
