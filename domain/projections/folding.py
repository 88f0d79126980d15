"""A batch of events, folded into the views: what one transaction writes beside the events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..events import Event, EventKind
from ..ids import ProjectId
from ..instants import minute_of
from . import failure_hours, queues, statistics
from .failure_hours import FailureHour, FailureKey
from .fingerprints import FailureKind
from .queues import Queue, QueueKey, QueueMinute, QueueMinuteKey
from .statistics import MinuteStatistics, StatisticsKey
from .tally import Tally, tally
from .tasks import Share, Task, TaskKey, concerns_task


@dataclass(slots=True)
class Changes:
    """New states of tasks and queues; differences to add to the rows of minutes."""

    tasks: list[Task] = field(default_factory=list)
    statistics: dict[StatisticsKey, MinuteStatistics] = field(default_factory=dict)
    queue_minutes: dict[QueueMinuteKey, QueueMinute] = field(default_factory=dict)
    failures: dict[FailureKey, FailureHour] = field(default_factory=dict)
    kinds: dict[tuple[ProjectId, str], FailureKind] = field(default_factory=dict)
    """The kinds of failures that the batch told of, by fingerprint."""
    queues: dict[QueueKey, Queue] = field(default_factory=dict)
    """Every queue of the batch with its latest measurement, if any; to be merged into the stored."""

    def tally(self) -> Tally:
        """Of the differences, before anything is added to them."""
        return tally(self.statistics.values(), self.queue_minutes.values())


def task_keys(events: Iterable[Event]) -> list[TaskKey]:
    """The tasks that a batch concerns, which `fold_events` wants to know; sorted, so that two
    writers that lock them never wait for each other in a circle."""
    return sorted({key_of(event) for event in events if concerns_task(event)})


def fold_events(events: Iterable[Event], tasks: Mapping[TaskKey, Task]) -> Changes:
    """Fold a batch. `tasks` are the stored ones among `task_keys`; they are changed in place."""
    changes = Changes()
    by_task: dict[TaskKey, list[Event]] = {}
    for event in events:
        if concerns_task(event):
            by_task.setdefault(key_of(event), []).append(event)
        elif event.kind is EventKind.QUEUE_DEPTH_REPORT:
            _measure(changes, event)
    for key, history in by_task.items():
        _fold_task(changes, tasks.get(key), key, history)
    # What was taken away and added again made no difference.
    changes.statistics = {k: row for k, row in changes.statistics.items() if not row.is_empty}
    changes.queue_minutes = {k: row for k, row in changes.queue_minutes.items() if not row.is_empty}
    changes.failures = {k: row for k, row in changes.failures.items() if not row.is_empty}
    for place in changes.queue_minutes:
        changes.queues.setdefault(place.queue, Queue(place.queue))
    return changes


def _fold_task(
    changes: Changes, stored: Task | None, key: TaskKey, history: Iterable[Event]
) -> None:
    task = Task(key) if stored is None else stored
    before = None if stored is None else stored.share()
    changed = False
    for event in history:
        changed |= task.fold(event)
    if not changed:
        return
    changes.tasks.append(task)
    changes.kinds.update(((key.project_id, each), kind) for each, kind in task.kinds().items())
    if before is not None:
        _contribute(changes, before, -1)
    if released := task.released():
        _contribute(changes, task.share(released), +1)
    _contribute(changes, task.share(), +1)


def _contribute(changes: Changes, share: Share, sign: int) -> None:
    statistics.contribute(changes.statistics, share, sign)
    queues.contribute(changes.queue_minutes, share, sign)
    failure_hours.contribute(changes.failures, share, sign)


def _measure(changes: Changes, event: Event) -> None:
    measured = queues.measurement_of(event)
    if measured is None:
        return
    key, depth = measured
    # A clock that runs ahead must not make its word the last one for a day.
    at = min(event.occurred_at, event.received_at)
    changes.queues.setdefault(key, Queue(key)).measure(depth, at)
    place = QueueMinuteKey(key, minute_of(at))
    changes.queue_minutes.setdefault(place, QueueMinute(place)).measure(depth, at)


def key_of(event: Event) -> TaskKey:
    """The task that an event is about."""
    return TaskKey(event.project_id, event.engine, event.task_id)
