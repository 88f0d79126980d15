"""Failures put together for people: which defects are behind them, and how they go on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .instants import DAY, HOUR, MINUTE, Instant
from .projections.failure_hours import OTHER, FailureSpan
from .projections.fingerprints import UNKNOWN, FailureKind
from .projections.tasks import Task

STEPS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY)
MOST_POINTS = 60


@dataclass(frozen=True, slots=True)
class Affected:
    """Failures of one task name."""

    engine: str
    name: str
    """Empty where no name is known."""
    count: int


@dataclass(frozen=True, slots=True)
class TrendPoint:
    at: Instant
    """The start of the step."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureGroup:
    fingerprint: str
    kind: FailureKind
    count: int
    retried: int
    """So many of them were to be tried again by the engine."""
    first_at: Instant
    """The minute of the first one in the window."""
    last_at: Instant
    """Of the last one, exactly where its task still tells; else its minute."""
    tasks: tuple[Affected, ...]
    """The most affected first."""
    trend: tuple[TrendPoint, ...]
    """All steps of the window."""
    newest: Task | None
    """The latest of the tasks that failed so and were not done since; None if there is none."""

    @property
    def is_rest(self) -> bool:
        """Whether this is all that found no place of its own."""
        return self.fingerprint == OTHER


@dataclass(frozen=True, slots=True)
class FailureWindow:
    """A window of time in whole steps."""

    since: Instant
    until: Instant
    step: int

    @classmethod
    def around(cls, since: Instant, until: Instant) -> FailureWindow:
        """The smallest that holds all of it, in steps that make a readable trend."""
        step = next((each for each in STEPS if until - since <= each * MOST_POINTS), STEPS[-1])
        return cls(since - since % step, until + -until % step, step)


@dataclass(frozen=True, slots=True)
class FailureOverview:
    window: FailureWindow
    groups: tuple[FailureGroup, ...]
    """The most frequent first; what found no place of its own at the end."""
    left_out: int
    """Groups beyond the limit that was asked for."""


def rank(spans: Iterable[FailureSpan]) -> list[tuple[str, Sequence[FailureSpan]]]:
    """Spans by fingerprint, in the order of groups."""
    by_kind: defaultdict[str, list[FailureSpan]] = defaultdict(list)
    for span in spans:
        by_kind[span.fingerprint].append(span)
    return sorted(by_kind.items(), key=lambda each: (each[0] == OTHER, -_count(each[1]), each[0]))


def group(
    fingerprint: str,
    spans: Sequence[FailureSpan],
    window: FailureWindow,
    *,
    kinds: Mapping[str, FailureKind],
    newest: Mapping[str, Task],
) -> FailureGroup:
    by_task: defaultdict[tuple[str, str], list[FailureSpan]] = defaultdict(list)
    by_step: defaultdict[Instant, list[FailureSpan]] = defaultdict(list)
    for span in spans:
        by_task[span.engine, span.name].append(span)
        by_step[span.at].append(span)
    affected = [Affected(*name, _count(own)) for name, own in by_task.items()]
    steps = range(window.since, window.until, window.step)
    return FailureGroup(
        fingerprint=fingerprint,
        kind=kinds.get(fingerprint, UNKNOWN),
        count=_count(spans),
        retried=sum(span.retried for span in spans),
        first_at=min(span.first_at for span in spans),
        last_at=_exact(max(span.last_at for span in spans), newest.get(fingerprint)),
        tasks=tuple(sorted(affected, key=lambda each: (-each.count, each.engine, each.name))),
        trend=tuple(TrendPoint(at, _count(by_step.get(at, ()))) for at in steps),
        newest=newest.get(fingerprint),
    )


def _exact(minute: Instant, newest: Task | None) -> Instant:
    ended = newest.attempts[-1].ended_at if newest is not None and newest.attempts else None
    return ended if ended is not None and minute <= ended < minute + MINUTE else minute


def _count(spans: Iterable[FailureSpan]) -> int:
    return sum(span.failed + span.retried for span in spans)
