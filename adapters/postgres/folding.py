"""Events and health reports, folded into the views within the transaction that stores them.

All writers take what they lock in this order, and rows in the order of their keys:

1. filings (filing.py), 2. tasks, 3. health of workers, 4. queues,
5. the lock of kinds of failures, for who brings a new one (failure_groups.py), 6. hours of failures,
7. minutes of queues,
8. the shared lock of sums and the sums to forget, for who counts in a period that is over (sums.py),
9. minutes of statistics.

Minutes come late because everybody writes the current one: they stay locked only until the commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...domain.events import Event
from ...domain.health import HealthReport
from ...domain.projections.folding import fold_events
from ...domain.projections.queues import Queue, QueueKey, QueueMinute, QueueMinuteKey
from ...domain.projections.statistics import MinuteStatistics, StatisticsKey
from ...domain.projections.tally import Tally
from ...domain.projections.tasks import Task, TaskKey
from ...domain.projections.worker_health import WorkerHealth
from .connections import Transaction
from .documents import Documents, columns, dumped
from .failure_groups import count_failures
from .filing import Numbers, Place, file_tasks
from .partitions import QUEUE_MINUTES, STATISTICS, TASKS, Room
from .statements import statements
from .sums import forget_sums
from .texts import optional_to_column, to_column

_SQL = statements("folding")
_TASKS = Documents("tasks", ("project", "engine", "task_id", "filed_at"), TASKS)
_TASK_COLUMNS = (
    "state", "name", "queue", "worker", "parent", "fingerprint", "last_event_at", "document",
)  # fmt: skip
_STATISTICS = Documents("statistics", ("project", "minute", "engine", "name"), STATISTICS)
_QUEUE_MINUTES = Documents("queue_minutes", ("project", "minute", "engine", "queue"), QUEUE_MINUTES)
_HEALTH = Documents("health", ("project_id", "agent_id", "worker_id"))


async def fold_into(
    transaction: Transaction,
    events: Sequence[Event],
    numbers: Numbers,
    room: Room,
    reports: Iterable[HealthReport] = (),
    *,
    together: bool = False,
) -> Tally:
    """Claim the tasks that the events concern, fold, write all that changed, and tell what it was.

    Raises PartitionMissing. `together`: the events are of today (filing.py).
    """
    places = await file_tasks(transaction, events, numbers, room, together=together)
    changes = fold_events(events, await _claim_tasks(transaction, places))
    counted = changes.tally()
    await _TASKS.save(
        transaction,
        {places[task.key]: _task_columns(task) for task in changes.tasks},
        _TASK_COLUMNS,
    )
    await _fold_reports(transaction, reports)
    await _save_queues(transaction, changes.queues.values(), numbers)
    minutes = {key.minute for key in changes.queue_minutes}
    minutes.update(key.hour for key in changes.failures)
    kept = room.kept(minutes.union(key.minute for key in changes.statistics))
    await count_failures(
        transaction, {k: v for k, v in changes.failures.items() if k.hour in kept}, changes, numbers
    )
    await _add_queue_minutes(
        transaction, {k: v for k, v in changes.queue_minutes.items() if k.minute in kept}, numbers
    )
    counted_now = {k: v for k, v in changes.statistics.items() if k.minute in kept}
    await forget_sums(
        transaction, {(numbers[key.project_id], key.minute) for key in counted_now}, room.now
    )
    await _add_statistics(transaction, counted_now, numbers)

    return counted


async def _fold_reports(transaction: Transaction, reports: Iterable[HealthReport]) -> None:
    by_worker: dict[tuple[str, str, str], list[HealthReport]] = {}
    for report in reports:
        slot = report.slot
        worker = (str(report.project_id), to_column(slot.agent_id), to_column(slot.worker_id))
        by_worker.setdefault(worker, []).append(report)
    stored = await _HEALTH.claim(transaction, by_worker)
    rows = {}
    for place, reported in by_worker.items():
        document = stored.get(place)
        health = WorkerHealth() if document is None else WorkerHealth.from_document(document)
        for report in reported:
            health.fold(report)
        node = optional_to_column(health.node)
        rows[place] = (node, health.lost_events, dumped(health.to_document()))
    await _HEALTH.save(transaction, rows, ("node", "lost", "document"))


async def _claim_tasks(
    transaction: Transaction, places: Mapping[TaskKey, Place]
) -> dict[TaskKey, Task]:
    keys = {place: key for key, place in places.items()}
    stored = await _TASKS.claim(transaction, keys)
    return {keys[at]: Task.from_document(keys[at], document) for at, document in stored.items()}


async def _add_statistics(
    transaction: Transaction,
    differences: Mapping[StatisticsKey, MinuteStatistics],
    numbers: Numbers,
) -> None:
    rows = {
        (numbers[key.project_id], key.minute, to_column(key.engine), to_column(key.name)): row
        for key, row in differences.items()
    }
    for place, document in (await _STATISTICS.claim(transaction, rows)).items():
        rows[place].add(MinuteStatistics.from_document(rows[place].key, document))
    await _STATISTICS.save(
        transaction, {place: (dumped(row.to_document()),) for place, row in rows.items()}
    )


async def _add_queue_minutes(
    transaction: Transaction,
    differences: Mapping[QueueMinuteKey, QueueMinute],
    numbers: Numbers,
) -> None:
    rows = {(_queue_place(key.queue, numbers, key.minute)): row for key, row in differences.items()}
    for place, document in (await _QUEUE_MINUTES.claim(transaction, rows)).items():
        rows[place].add(QueueMinute.from_document(rows[place].key, document))
    await _QUEUE_MINUTES.save(
        transaction, {place: (dumped(row.to_document()),) for place, row in rows.items()}
    )


async def _save_queues(transaction: Transaction, queues: Iterable[Queue], numbers: Numbers) -> None:
    rows = sorted((*_queue_place(each.key, numbers), each.depth, each.depth_at) for each in queues)
    if rows:
        names = ("project", "engine", "queue", "depth", "depth_at")
        await transaction.execute(_SQL["save_queues"], columns(names, rows))


def _queue_place(key: QueueKey, numbers: Numbers, *minute: int) -> tuple[int | str, ...]:
    return numbers[key.project_id], *minute, to_column(key.engine), to_column(key.queue)


def _task_columns(task: Task) -> tuple[object, ...]:
    return (
        task.state.value,
        to_column(task.name),
        optional_to_column(task.field("queue")),
        optional_to_column(task.field("worker")),
        optional_to_column(task.field("parent_task_id")),
        task.fingerprint,
        task.last_event_at,
        dumped(task.to_document()),
    )
