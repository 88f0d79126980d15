"""The views in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy

from ...domain.commands import Command, CommandStatus, stream_of
from ...domain.events import Event
from ...domain.ids import CommandId, ProjectId
from ...domain.instants import Instant
from ...domain.journal import Recorded
from ...domain.paging import decode_cursor, page_of
from ...domain.projections.queues import Queue, QueueKey, QueueMinute
from ...domain.projections.reading import Window
from ...domain.projections.statistics import MinuteStatistics
from ...domain.projections.sums import Sums, sum_up
from ...domain.projections.tasks import Task, TaskKey, TaskState
from ...domain.queries import CommandPage, TaskPage, command_place
from ...domain.queue_pages import QueueFilter, QueuePage, queue_place, queues_after
from ...domain.search import Query, meaning_of
from ...domain.search.scan import Place
from .state import MemoryState, Views

MOST_RUNNING = 1_000


class MemoryProjectionStore:
    """Satisfies `ProjectionStore`. What it hands out are copies."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def tasks(
        self,
        project_id: ProjectId,
        where: Query,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> TaskPage:
        before = decode_cursor(cursor, int, str, str) if cursor is not None else None
        holds = meaning_of(where)
        found = sorted(
            (
                task
                for task in self._tasks(project_id)
                if (before is None or Place.of(task) < before) and holds(task)
            ),
            key=Place.of,
            reverse=True,
        )
        return TaskPage(*page_of(deepcopy(found[: limit + 1]), limit, Place.of))

    async def task(self, project_id: ProjectId, engine: str, task_id: str) -> Task | None:
        return deepcopy(self._views.tasks.get(TaskKey(project_id, engine, task_id)))

    async def children(
        self, project_id: ProjectId, engine: str, task_id: str, *, limit: int = 100
    ) -> Sequence[Task]:
        found = [
            task
            for task in self._tasks(project_id)
            if task.key.engine == engine and task.field("parent_task_id") == task_id
        ]
        return deepcopy(sorted(found, key=Place.of, reverse=True)[:limit])

    async def running(
        self, project_id: ProjectId, *, workers: Collection[str] | None = None
    ) -> Sequence[Task]:
        started = [
            task
            for task in self._tasks(project_id)
            if task.state is TaskState.STARTED
            and (workers is None or task.field("worker") in workers)
        ]
        started.sort(key=lambda task: (task.last_event_at, task.key))
        return deepcopy(started[:MOST_RUNNING])

    async def at_work(self, project_id: ProjectId) -> Mapping[str, Sequence[Instant]]:
        heard_at: dict[str, list[Instant]] = {}
        for task in await self.running(project_id):
            worker = task.field("worker")
            name = worker if isinstance(worker, str) else ""
            heard_at.setdefault(name, []).append(task.last_event_at)
        return heard_at

    async def queues(self, project_id: ProjectId) -> Sequence[Queue]:
        keys = sorted(key for key in self._views.queues if key.project_id == project_id)
        return [deepcopy(self._views.queues[key]) for key in keys]

    async def queue_page(
        self,
        project_id: ProjectId,
        where: QueueFilter,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> QueuePage:
        after = queues_after(cursor)
        found = [
            deepcopy(queue)
            for key, queue in self._views.queues.items()
            if key.project_id == project_id and where.matches(queue) and queue_place(queue) > after
        ]
        return QueuePage(*page_of(sorted(found, key=queue_place), limit, queue_place))

    async def queue(self, project_id: ProjectId, engine: str, queue: str) -> Queue | None:
        return deepcopy(self._views.queues.get(QueueKey(project_id, engine, queue)))

    async def queue_minutes(
        self,
        project_id: ProjectId,
        *,
        since: Instant,
        until: Instant,
        queues: Collection[QueueKey] | None = None,
    ) -> Sequence[QueueMinute]:
        rows = [
            row
            for key, row in self._views.queue_minutes.items()
            if key.queue.project_id == project_id
            and since <= key.minute < until
            and (queues is None or key.queue in queues)
        ]
        return deepcopy(sorted(rows, key=lambda row: (row.key.minute, row.key.queue)))

    async def oldest_waiting(self, project_id: ProjectId) -> dict[tuple[str, str], Instant]:
        oldest: dict[tuple[str, str], Instant] = {}
        for task in self._tasks(project_id):
            queue = task.field("queue")
            if task.state is TaskState.RECEIVED and isinstance(queue, str):
                key = (task.key.engine, queue)
                oldest[key] = min(task.last_event_at, oldest.get(key, task.last_event_at))
        return oldest

    async def statistics(
        self,
        project_id: ProjectId,
        *,
        since: Instant,
        until: Instant,
        engine: str | None = None,
        name: str | None = None,
    ) -> Sequence[MinuteStatistics]:
        rows = [
            row
            for key, row in self._views.statistics.items()
            if key.project_id == project_id
            and since <= key.minute < until
            and engine in (None, key.engine)
            and name in (None, key.name)
            and not row.is_empty
        ]
        return deepcopy(
            sorted(rows, key=lambda row: (row.key.minute, row.key.engine, row.key.name))
        )

    async def sums(self, project_id: ProjectId, window: Window) -> Sums:
        rows = await self.statistics(
            project_id,
            since=window.since,
            until=window.until,
            engine=window.engine,
            name=window.name,
        )
        return sum_up(rows, step=window.step)

    async def newest_failed(
        self, project_id: ProjectId, fingerprints: Collection[str]
    ) -> Mapping[str, Task]:
        found: dict[str, Task] = {}
        for task in sorted(self._tasks(project_id), key=Place.of):
            if task.fingerprint is not None and task.fingerprint in fingerprints:
                found[task.fingerprint] = task
        return deepcopy(found)

    async def command(self, project_id: ProjectId, command_id: CommandId) -> Command | None:
        command = self._views.commands.get(stream_of(command_id))
        return command if command is not None and command.project_id == project_id else None

    async def commands(
        self,
        project_id: ProjectId,
        *,
        statuses: frozenset[CommandStatus] | None = None,
        task_id: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> CommandPage:
        before = decode_cursor(cursor, int, str) if cursor is not None else None
        found = [
            command
            for command in self._views.commands.values()
            if command.project_id == project_id
            and (statuses is None or command.status in statuses)
            and task_id in (None, command.task_id)
            and (before is None or (command.issued_at, command.id) < before)
        ]
        found.sort(key=command_place, reverse=True)
        return CommandPage(*page_of(found, limit, command_place))

    async def open_commands(self) -> Sequence[Command]:
        still_open = (each for each in self._views.commands.values() if not each.status.final)
        return sorted(still_open, key=lambda command: (command.issued_at, command.id))

    async def reset(self) -> None:
        self._state.views = Views()

    async def rebuild(self, *, events: Sequence[Event], entries: Sequence[Recorded]) -> None:
        self._state.fold_journal(entries)
        self._state.fold(events)

    @property
    def _views(self) -> Views:
        return self._state.views

    def _tasks(self, project_id: ProjectId) -> list[Task]:
        return [task for key, task in self._views.tasks.items() if key.project_id == project_id]
