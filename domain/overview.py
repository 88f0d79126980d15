"""Views put together for people: workers with what they run, queues with rates, windows of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .fleet import Fleet
from .instants import DAY, MINUTE, Instant, minute_of
from .projections.queues import Queue, QueueMinute
from .projections.statistics import WindowStatistics
from .projections.sums import Sum, Sums
from .projections.tasks import Task
from .projections.workers import Worker

RATE_MINUTES = 5
MOST_POINTS = 240
STEPS = (MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 360 * MINUTE)


@dataclass(frozen=True, slots=True)
class WorkerOverview:
    worker: Worker
    running: tuple[Task, ...]
    """What it runs now, as far as events say so; the longest running first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkersOverview:
    """A page of workers. With the first one of all, or of all that are online, come the tasks in state
    started of which no connected worker says they are its own."""

    fleet: Fleet
    workers: tuple[WorkerOverview, ...]
    elsewhere: tuple[Task, ...]
    next_cursor: str | None

    @property
    def running(self) -> list[Task]:
        """All of them, wherever."""
        return [*self.elsewhere, *(task for each in self.workers for task in each.running)]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOverview:
    """A queue with its pace, in tasks a minute over the last five minutes."""

    queue: Queue
    received_per_minute: float
    started_per_minute: float
    ended_per_minute: float
    oldest_waiting_at: Instant | None
    minutes: tuple[QueueMinute, ...]


@dataclass(frozen=True, slots=True)
class QueuesOverview:
    """A page of queues; `next_cursor` is None on the last one."""

    queues: tuple[QueueOverview, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class NamedStatistics:
    engine: str
    name: str
    """Empty for tasks whose name is not known."""
    window: WindowStatistics


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsOverview:
    """A window of time: as a whole, by task, and in steps of equal length."""

    since: Instant
    until: Instant
    step: Instant
    total: WindowStatistics
    tasks: tuple[NamedStatistics, ...]
    """The busiest first."""
    points: tuple[tuple[Instant, WindowStatistics], ...]
    """Start of the step -> what happened in it; steps in which nothing did are left out."""


def oversee_workers(
    workers: Iterable[Worker], running: Iterable[Task]
) -> tuple[WorkerOverview, ...]:
    """Give each running task to the worker that it names, if that one is connected."""
    by_name: defaultdict[str, list[Task]] = defaultdict(list)
    for task in running:
        by_name[worker_of(task)].append(task)
    overviews = []
    for worker in workers:
        names = worker.names if worker.online else ()
        own = [task for name in names for task in by_name.pop(name, ())]
        overviews.append(WorkerOverview(worker, tuple(own)))
    return tuple(overviews)


def busy_workers(workers: Iterable[Worker], at_work: Iterable[str]) -> int:
    """How many of them have a task that names them; those of one name share it."""
    left = set(at_work)
    busy = 0
    for worker in workers:
        own = left.intersection(worker.names) if worker.online else ()
        busy += bool(own)
        left.difference_update(own)
    return busy


def elsewhere(running: Iterable[Task], named: Iterable[Worker]) -> tuple[Task, ...]:
    """The tasks whose worker is none of these that are connected."""
    known = {name for worker in named if worker.online for name in worker.names}
    return tuple(task for task in running if worker_of(task) not in known)


def worker_of(task: Task) -> str:
    """What its events call the worker; empty where they name none."""
    return str(task.field("worker") or "")


def oversee_queue(
    queue: Queue, minutes: Sequence[QueueMinute], oldest: Instant | None, *, now: Instant
) -> QueueOverview:
    """`minutes` are those of this queue, oldest first, and reach back `RATE_MINUTES` at least."""
    # The present minute has only begun: the pace is that of the time that has really passed.
    start = start_of_minutes(now, RATE_MINUTES)
    elapsed = (now - start) / MINUTE
    recent = [row for row in minutes if row.key.minute >= start]

    def pace(counts: Iterable[int]) -> float:
        return round(sum(counts) / elapsed, 2)

    return QueueOverview(
        queue=queue,
        received_per_minute=pace(row.received for row in recent),
        started_per_minute=pace(row.started for row in recent),
        ended_per_minute=pace(row.ended for row in recent),
        oldest_waiting_at=oldest,
        minutes=tuple(minutes),
    )


def oversee_statistics(
    sums: Sums, *, since: Instant, until: Instant, step: Instant
) -> StatisticsOverview:
    total = Sum()
    for each in sums.names.values():
        total.merge(each)
    tasks = [NamedStatistics(*name, each.window()) for name, each in sums.names.items()]
    tasks.sort(key=lambda task: (-_volume(task.window.counts), task.engine, task.name))
    return StatisticsOverview(
        since=since,
        until=until,
        step=step,
        total=total.window(),
        tasks=tuple(tasks),
        points=tuple((at, sums.points[at].window()) for at in sorted(sums.points)),
    )


def start_of_minutes(now: Instant, minutes: int) -> Instant:
    """The start of the first of so many minutes; the present one is the last."""
    return minute_of(now) - (minutes - 1) * MINUTE


def step_of(length: Instant) -> Instant:
    """The finest step that divides a window of this length into at most 240 points."""
    return next((step for step in STEPS if length <= step * MOST_POINTS), DAY)


def _volume(counts: Mapping[str, int]) -> int:
    return sum(counts.values())
