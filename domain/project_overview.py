"""One project at a glance: a few figures, and what needs attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .attention import Attention, attend, growth_of
from .fleet import Fleet
from .instants import MINUTE, SECOND, Instant
from .overview import RATE_MINUTES, QueueOverview, oversee_statistics, start_of_minutes
from .projections.statistics import MinuteStatistics
from .projections.sums import sum_up

WINDOW_MINUTES = 15
"""Of shares and percentiles: long enough for rare tasks, short enough to show what goes wrong now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOverview:
    """None where nothing was measured."""

    throughput_per_second: float
    """Runs that succeeded or failed, over the last five minutes: of these the share is. What comes
    again, or was never to run, is counted by neither."""
    failure_share: float | None
    run_p95_us: float | None
    wait_p95_us: float | None
    backlog: int | None
    """Messages that wait in all queues whose depth is known."""
    backlog_growth_per_minute: float | None
    """How fast they become more, over the last five minutes."""
    fleet: Fleet
    busy: int
    """Workers with a task of which they told, among the longest running 1 000."""
    attention: tuple[Attention, ...]


def begin_of_window(now: Instant) -> Instant:
    return start_of_minutes(now, WINDOW_MINUTES)


def oversee_project(
    *,
    rows: Sequence[MinuteStatistics],
    queues: Sequence[QueueOverview],
    fleet: Fleet,
    busy: int,
    lost: int,
    now: Instant,
) -> ProjectOverview:
    """`rows` are the statistics since `begin_of_window`, of all tasks."""
    statistics = oversee_statistics(
        sum_up(rows, step=MINUTE), since=begin_of_window(now), until=now, step=MINUTE
    )
    recent = start_of_minutes(now, RATE_MINUTES)
    ended = sum(_ended(row.counts) for row in rows if row.key.minute >= recent)
    total = statistics.total
    failed, finished = total.counts["failed"], _ended(total.counts)
    grown = sum(growth_of(each, now) for each in queues)
    depths = [each.queue.depth for each in queues if each.queue.depth is not None]
    return ProjectOverview(
        throughput_per_second=round(ended * SECOND / (now - recent), 3) if now > recent else 0.0,
        failure_share=round(failed / finished, 4) if finished else None,
        run_p95_us=total.run.p95,
        wait_p95_us=total.wait.p95,
        backlog=sum(depths) if depths else None,
        backlog_growth_per_minute=round(grown / RATE_MINUTES, 2) if depths else None,
        fleet=fleet,
        busy=busy,
        attention=attend(queues=queues, fleet=fleet, lost=lost, tasks=statistics.tasks, now=now),
    )


def _ended(counts: Mapping[str, int]) -> int:
    return counts.get("succeeded", 0) + counts.get("failed", 0)
