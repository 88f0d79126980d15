"""Tasks that say they run although their worker is gone: candidates, until somebody has checked.

Nobody can know it from here: a worker that lost its way to the brain works on. `reconcile_task` asks
the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .instants import SECOND, Instant
from .overview import worker_of
from .projections.tasks import Task, TaskState
from .projections.workers import Worker

PATIENCE = 60 * SECOND
"""A worker that comes back within this time has only lost its connection."""


@dataclass(frozen=True, slots=True)
class LostCandidate:
    """`since` is when the worker left, or when its process began anew without the task."""

    task: Task
    since: Instant


def lost_candidates(
    tasks: Iterable[Task], workers: Iterable[Worker], *, now: Instant
) -> list[LostCandidate]:
    """The started tasks of workers that are gone, and of which nothing was heard since.

    A task whose worker was never seen counts as running: there is no evidence of anything.
    """
    gone = _long_gone(workers, now)
    found = []
    for task in tasks:
        if task.state is TaskState.STARTED:
            since = gone.get(worker_of(task))
            if since is not None and task.last_event_at <= since:
                found.append(LostCandidate(task, since))
    return found


def count_lost(
    at_work: Mapping[str, Sequence[Instant]], workers: Iterable[Worker], *, now: Instant
) -> int:
    """How many candidates there are among the started tasks of each worker's name, of which is known
    when they were last heard of."""
    gone = _long_gone(workers, now)
    return sum(
        heard_at <= gone[name]
        for name, of_name in at_work.items()
        if name in gone
        for heard_at in of_name
    )


def _long_gone(workers: Iterable[Worker], now: Instant) -> dict[str, Instant]:
    """Names of which no process is there any more -> since when."""
    by_name: defaultdict[str, list[Worker]] = defaultdict(list)
    for worker in workers:
        for name in worker.names:
            by_name[name].append(worker)
    left = {name: _gone_since(known) for name, known in by_name.items()}
    return {name: at for name, at in left.items() if at is not None and at <= now - PATIENCE}


def _gone_since(workers: Iterable[Worker]) -> Instant | None:
    """When the last of the processes of one name left; None while one may still be at work."""
    gone = [_left_at(worker) for worker in workers]
    known = [at for at in gone if at is not None]
    return max(known) if known and len(known) == len(gone) else None


def _left_at(worker: Worker) -> Instant | None:
    if not worker.online:
        return worker.closed_at
    # Connected, but perhaps as another process than the one that had begun the task.
    return None if worker.hello is None else worker.hello.worker_started_at
