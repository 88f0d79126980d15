"""Events and health reports, folded into the views within the transaction that stores them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...domain.events import Event
from ...domain.health import HealthReport
from ...domain.ids import ProjectId
from ...domain.projections.folding import fold_events, task_keys
from ...domain.projections.queues import Queue, QueueKey, QueueMinute, QueueMinuteKey
from ...domain.projections.statistics import MinuteStatistics, StatisticsKey
from ...domain.projections.tally import Tally
from ...domain.projections.tasks import Task, TaskKey
from ...domain.projections.worker_health import WorkerHealth
from ..wire import OrjsonCodec
from .database import Transaction
from .failure_groups import count_failures
from .statements import statements
from .sums import forget_sums

_SQL = statements("folding")
_CODEC = OrjsonCodec()

Numbers = Mapping[ProjectId, int]


async def fold_into(transaction: Transaction, events: Sequence[Event], numbers: Numbers) -> Tally:
    """Load the tasks that the events concern, fold, write all that changed, and tell what it was."""
    tasks = await _load_tasks(transaction, task_keys(events), numbers)
    changes = fold_events(events, tasks)
    counted = changes.tally()
    await transaction.execute_rows(
        _SQL["save_tasks"], [_task_row(task, numbers) for task in changes.tasks]
    )
    await _add_statistics(transaction, changes.statistics, numbers)
    await _add_queue_minutes(transaction, changes.queue_minutes, numbers)
    await transaction.execute_rows(
        _SQL["save_queues"], [_queue_row(queue, numbers) for queue in changes.queues.values()]
    )
    await count_failures(transaction, changes, numbers)

    return counted


async def fold_reports_into(transaction: Transaction, reports: Iterable[HealthReport]) -> None:
    by_worker: dict[tuple[str, str, str], list[HealthReport]] = {}
    for report in reports:
        key = (report.project_id, report.slot.agent_id, report.slot.worker_id)
        by_worker.setdefault(key, []).append(report)
    stored = {
        tuple(key): WorkerHealth.from_document(document)
        for *key, document in await _load(transaction, "load_health", list(by_worker))
    }
    rows = []
    for worker, reported in by_worker.items():
        health = stored.get(worker) or WorkerHealth()
        for report in reported:
            health.fold(report)
        document = _CODEC.dumps(health.to_document()).decode()
        rows.append((*worker, health.node, health.lost_events, document))
    await transaction.execute_rows(_SQL["save_health"], rows)


async def _load_tasks(
    transaction: Transaction, keys: Sequence[TaskKey], numbers: Numbers
) -> dict[TaskKey, Task]:
    projects = {number: project_id for project_id, number in numbers.items()}
    wanted = [(numbers[key.project_id], key.engine, key.task_id) for key in keys]
    loaded = {}
    for number, engine, task_id, document in await _load(transaction, "load_tasks", wanted):
        key = TaskKey(projects[number], engine, task_id)
        loaded[key] = Task.from_document(key, document)
    return loaded


async def _add_statistics(
    transaction: Transaction,
    differences: Mapping[StatisticsKey, MinuteStatistics],
    numbers: Numbers,
) -> None:
    rows = {(numbers[key.project_id], *key[1:]): row for key, row in differences.items()}
    for *place, document in await _load(transaction, "load_statistics", list(rows)):
        row = rows[tuple(place)]
        row.add(MinuteStatistics.from_document(row.key, document))
    await forget_sums(transaction, {(project, minute) for project, _, _, minute in rows})
    await transaction.execute_rows(
        _SQL["save_statistics"],
        [(*place, _CODEC.dumps(row.to_document()).decode()) for place, row in rows.items()],
    )


async def _add_queue_minutes(
    transaction: Transaction,
    differences: Mapping[QueueMinuteKey, QueueMinute],
    numbers: Numbers,
) -> None:
    rows = {
        (numbers[key.queue.project_id], key.queue.engine, key.queue.queue, key.minute): row
        for key, row in differences.items()
    }
    for *place, document in await _load(transaction, "load_queue_minutes", list(rows)):
        row = rows[tuple(place)]
        row.add(QueueMinute.from_document(row.key, document))
    await transaction.execute_rows(
        _SQL["save_queue_minutes"],
        [(*place, _CODEC.dumps(row.to_document()).decode()) for place, row in rows.items()],
    )


async def _load(transaction: Transaction, name: str, keys: Sequence[Any]) -> Any:
    """The rows of these keys, as SQLite put them together in one JSON text."""
    if not keys:
        return []
    text = await transaction.value(_SQL[name], (_CODEC.dumps(keys).decode(),))
    return _CODEC.loads_exact(text)


def _task_row(task: Task, numbers: Numbers) -> tuple[object, ...]:
    project_id, engine, task_id = task.key
    return (
        numbers[project_id],
        engine,
        task_id,
        task.state,
        task.name,
        _text(task.field("queue")),
        _text(task.field("worker")),
        _text(task.field("parent_task_id")),
        task.fingerprint,
        task.last_event_at,
        _CODEC.dumps(task.to_document()).decode(),
    )


def _queue_row(queue: Queue, numbers: Numbers) -> tuple[object, ...]:
    key: QueueKey = queue.key
    return (numbers[key.project_id], key.engine, key.queue, queue.depth, queue.depth_at)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
