"""The latest runs, of a task name or of all, by queue and by worker.

Statistics are kept by name alone: a row for each queue and worker as well would have no bound, and be
written with every event. So this is told of a bounded number of tasks, and says of how many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .instants import Instant
from .projections.histogram import Histogram, add, bucket_of
from .projections.marks import Rank
from .projections.statistics import Percentiles
from .projections.tasks import Task

MOST_RUNS = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A queue or a worker, and how the runs there went. None: they do not say where they ran."""

    name: str | None
    runs: int
    failed: int
    run: Percentiles
    wait: Percentiles


@dataclass(frozen=True, slots=True)
class RecentRuns:
    """The last runs of the latest tasks, as far as they have ended."""

    runs: int
    since: Instant | None
    """When the first of them ended."""
    queues: tuple[Place, ...]
    """The busiest first."""
    workers: tuple[Place, ...]


def oversee_runs(tasks: Iterable[Task]) -> RecentRuns:
    ended = [task for task in tasks if task.attempts[-1].ended_at is not None]
    ends = [task.attempts[-1].ended_at or 0 for task in ended]
    return RecentRuns(
        runs=len(ended),
        since=min(ends, default=None),
        queues=_places(ended, "queue"),
        workers=_places(ended, "worker"),
    )


def _places(tasks: Sequence[Task], field: str) -> tuple[Place, ...]:
    by_place: defaultdict[str | None, list[Task]] = defaultdict(list)
    for task in tasks:
        name = task.field(field)
        by_place[name if isinstance(name, str) else None].append(task)
    places = [_place(name, own) for name, own in by_place.items()]
    return tuple(sorted(places, key=lambda place: (-place.runs, place.name or "")))


def _place(name: str | None, tasks: Sequence[Task]) -> Place:
    runs: Histogram = {}
    waits: Histogram = {}
    last = [task.attempts[-1] for task in tasks]
    for attempt in last:
        if attempt.runtime_us is not None:
            add(runs, {bucket_of(attempt.runtime_us): 1})
        if attempt.wait_us is not None:
            add(waits, {bucket_of(attempt.wait_us): 1})
    failed = sum(1 for attempt in last if attempt.outcome is Rank.FAILED)
    return Place(name, len(tasks), failed, Percentiles.of(runs), Percentiles.of(waits))
