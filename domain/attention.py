"""What an operator should look at, out of what is known of a project. Each finding is one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from .fleet import Fleet
from .instants import MINUTE, Instant
from .overview import RATE_MINUTES, NamedStatistics, QueueOverview
from .search.printing import quoted

LONG_WAIT = 5 * MINUTE
"""So long a task may wait in a queue from which nobody takes before that is told."""
GROWTH_PER_MINUTE = 5
"""From here on a queue that is worked on counts as growing."""
MOST_QUEUES = 20
"""That are told of one by one: an application may make a queue for each of its customers."""
LEAST_FAILURES = 5
FAILING_SHARE = 0.2
MOST_FAILING = 5
"""Task names that are told of, the ones with most failures."""
RECENT = 60 * MINUTE
"""Workers that left longer ago were taken away on purpose."""


class AttentionKind(StrEnum):
    QUEUE_STUCK = "queue_stuck"
    QUEUE_GROWING = "queue_growing"
    NO_WORKERS = "no_workers"
    TASKS_LOST = "tasks_lost"
    TASKS_FAILING = "tasks_failing"
    EVENTS_LOST = "events_lost"


@dataclass(frozen=True, slots=True)
class Attention:
    """`link` leads to the page of the project that shows more, with a query."""

    kind: AttentionKind
    text: str
    link: str


def attend(
    *,
    queues: Sequence[QueueOverview],
    fleet: Fleet,
    lost: int,
    tasks: Iterable[NamedStatistics],
    now: Instant,
) -> tuple[Attention, ...]:
    """Everything to look at, the worst first. `tasks` are those of the last minutes, `lost` is how many
    may be lost."""
    return (
        *_no_workers(queues, fleet, now),
        *_queues(queues, now),
        *_lost(lost),
        *_failing(tasks),
        *_events_lost(fleet.losing),
    )


def _no_workers(queues: Sequence[QueueOverview], fleet: Fleet, now: Instant) -> Iterator[Attention]:
    if fleet.online or fleet.left_at is None:
        return
    if now - fleet.left_at < RECENT or any(queue.queue.depth for queue in queues):
        yield Attention(AttentionKind.NO_WORKERS, "No worker is connected.", "/workers")


def _queues(queues: Sequence[QueueOverview], now: Instant) -> Iterator[Attention]:
    found = [each for queue in queues for each in _queue(queue, now)]
    yield from found[:MOST_QUEUES]
    if len(found) > MOST_QUEUES:
        text = f"{len(found) - MOST_QUEUES} more queues grow, or nobody takes from them."
        yield Attention(AttentionKind.QUEUE_GROWING, text, "/queues")


def _queue(overview: QueueOverview, now: Instant) -> Iterator[Attention]:
    name, depth = overview.queue.key.queue, overview.queue.depth
    grown = growth_of(overview, now)
    if overview.started_per_minute == 0 and overview.ended_per_minute == 0:
        oldest = overview.oldest_waiting_at
        if grown > 0:
            yield Attention(
                AttentionKind.QUEUE_STUCK,
                f"Queue {name} grows and nobody takes from it: {depth} wait.",
                "/queues",
            )
        elif depth != 0 and oldest is not None and now - oldest > LONG_WAIT:
            yield Attention(
                AttentionKind.QUEUE_STUCK,
                f"Nobody takes from queue {name}: its oldest task has waited "
                f"{(now - oldest) // MINUTE} minutes.",
                "/queues",
            )
    elif grown >= GROWTH_PER_MINUTE * RATE_MINUTES:
        yield Attention(
            AttentionKind.QUEUE_GROWING,
            f"Queue {name} grows by {grown // RATE_MINUTES} a minute: {depth} wait.",
            "/queues",
        )


def growth_of(overview: QueueOverview, now: Instant) -> int:
    """By how much the depth rose in the last minutes: it is reported whenever it changes, so what
    was measured before then still held at their beginning."""
    begun = now - RATE_MINUTES * MINUTE
    depth, first = overview.queue.depth, None
    for row in overview.minutes:
        if row.depth is not None and (first is None or row.depth_at <= begun):
            first = row.depth
    return 0 if depth is None or first is None else depth - first


def _lost(lost: int) -> Iterator[Attention]:
    if lost:
        text = f"{lost} task{'' if lost == 1 else 's'} may be lost: started on a worker that left."
        yield Attention(AttentionKind.TASKS_LOST, text, "/tasks?q=state:started")


def _failing(tasks: Iterable[NamedStatistics]) -> Iterator[Attention]:
    failing = []
    for task in tasks:
        failed, succeeded = task.window.counts["failed"], task.window.counts["succeeded"]
        if failed >= LEAST_FAILURES and failed >= FAILING_SHARE * (failed + succeeded):
            failing.append((failed, failed / (failed + succeeded), task))
    failing.sort(key=lambda each: (-each[0], each[2].name))
    for failed, share, task in failing[:MOST_FAILING]:
        query = urlencode({"q": f"state:failed name:{quoted(task.name)}"})
        yield Attention(
            AttentionKind.TASKS_FAILING,
            f"{task.name or 'Tasks without a name'}: {failed} failed lately, {share:.0%} of the runs.",
            f"/tasks?{query}",
        )


def _events_lost(losing: int) -> Iterator[Attention]:
    if losing:
        text = f"{losing} worker{'' if losing == 1 else 's'} could not deliver all events."
        yield Attention(AttentionKind.EVENTS_LOST, text, "/workers")
