"""Statistics: what happened in each minute, by engine and task name.

They are the sum of what all tasks contribute, and what a task contributes follows from its view. So
each fold adds the difference it made, and repetition, order and late corrections take care of
themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..ids import ProjectId
from ..instants import Instant, minute_of
from .histogram import Histogram, add, bucket_of, quantiles
from .marks import Rank
from .tasks import Share

COUNTED = ("received", "started", "succeeded", "failed", "retried", "revoked", "rejected")


class StatisticsKey(NamedTuple):
    project_id: ProjectId
    engine: str
    name: str
    """Empty for tasks whose name is not known yet."""
    minute: Instant


@dataclass(slots=True)
class MinuteStatistics:
    """One minute of one task name. As a difference, its numbers may be negative."""

    key: StatisticsKey
    counts: dict[str, int] = field(default_factory=dict)
    runs: Histogram = field(default_factory=dict)
    """Run times of attempts that ended in this minute."""
    waits: Histogram = field(default_factory=dict)
    """Times from receipt to start of attempts that started in this minute."""
    run_total_us: int = 0

    def count(self, what: str, sign: int) -> None:
        self.counts[what] = self.counts.get(what, 0) + sign

    def add(self, other: MinuteStatistics) -> None:
        for what, number in other.counts.items():
            self.count(what, number)
        add(self.runs, other.runs)
        add(self.waits, other.waits)
        self.run_total_us += other.run_total_us

    @property
    def is_empty(self) -> bool:
        return not (any(self.counts.values()) or self.runs or self.waits or self.run_total_us)

    def to_document(self) -> dict[str, Any]:
        return {
            "c": {what: number for what, number in self.counts.items() if number},
            "r": {str(bucket): count for bucket, count in sorted(self.runs.items())},
            "w": {str(bucket): count for bucket, count in sorted(self.waits.items())},
            "t": self.run_total_us,
        }

    @classmethod
    def from_document(cls, key: StatisticsKey, document: Mapping[str, Any]) -> MinuteStatistics:
        return cls(
            key,
            dict(document["c"]),
            {int(bucket): count for bucket, count in document["r"].items()},
            {int(bucket): count for bucket, count in document["w"].items()},
            document["t"],
        )


def contribute(rows: dict[StatisticsKey, MinuteStatistics], share: Share, sign: int) -> None:
    """Add (+1) or take away (-1) what a task contributes."""

    def row(at: Instant) -> MinuteStatistics:
        key = StatisticsKey(share.project_id, share.engine, share.name, minute_of(at))
        found = rows.get(key)
        if found is None:
            found = rows[key] = MinuteStatistics(key)
        return found

    for attempt in share.attempts:
        if attempt.received_at is not None:
            row(attempt.received_at).count("received", sign)
        if attempt.started_at is not None:
            started = row(attempt.started_at)
            started.count("started", sign)
            wait = attempt.wait_us
            if wait is not None:
                add(started.waits, {bucket_of(wait): sign})
        if attempt.ended_at is not None and attempt.outcome is not None:
            ended = row(attempt.ended_at)
            ended.count(_OUTCOMES[attempt.outcome], sign)
            runtime = attempt.runtime_us
            if runtime is not None:
                add(ended.runs, {bucket_of(runtime): sign})
                ended.run_total_us += sign * runtime


_OUTCOMES: Mapping[Rank, str] = {rank: rank.name.lower() for rank in Rank if rank.ends}


SHARES = (0.50, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Percentiles:
    """In microseconds; None where nothing was measured."""

    p50: float | None
    p95: float | None
    p99: float | None

    @classmethod
    def of(cls, histogram: Mapping[int, int]) -> Percentiles:
        return cls(*quantiles(histogram, SHARES))


@dataclass(frozen=True, slots=True)
class WindowStatistics:
    """A whole window of minutes, taken together."""

    counts: Mapping[str, int]
    run: Percentiles
    wait: Percentiles
    run_total_us: int


def summarise(rows: Iterable[MinuteStatistics]) -> WindowStatistics:
    whole = MinuteStatistics(StatisticsKey(ProjectId(""), "", "", 0))
    for row in rows:
        whole.add(row)
    counts = {what: whole.counts.get(what, 0) for what in COUNTED}
    return WindowStatistics(
        counts, Percentiles.of(whole.runs), Percentiles.of(whole.waits), whole.run_total_us
    )
