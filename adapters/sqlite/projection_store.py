"""The views in SQLite, all but the list of tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...domain.commands import Command, CommandStatus
from ...domain.events import Event
from ...domain.ids import CommandId, ProjectId
from ...domain.instants import Instant
from ...domain.journal import Recorded
from ...domain.paging import decode_cursor, page_of
from ...domain.projections.queues import Queue, QueueKey, QueueMinute, QueueMinuteKey
from ...domain.projections.reading import Window
from ...domain.projections.statistics import MinuteStatistics, StatisticsKey
from ...domain.projections.sums import Sums
from ...domain.projections.tasks import Task
from ...domain.queries import CommandPage, TaskPage, command_place
from ...domain.queue_pages import QueueFilter, QueuePage, queue_place, queues_after
from ...domain.search.scan import MOST_LOOKED_AT
from ...domain.search.terms import Query
from ..wire import OrjsonCodec
from .database import SqliteDatabase
from .folding import fold_into
from .journal_views import fold_journal_into
from .statements import statements
from .sums import read_sums
from .task_lists import SqliteTaskLists

_SQL = statements("views")
_CODEC = OrjsonCodec()
_LAST = 2**63 - 1


class SqliteProjectionStore:
    """Satisfies `ProjectionStore`."""

    def __init__(self, database: SqliteDatabase, *, most_looked_at: int = MOST_LOOKED_AT) -> None:
        """`most_looked_at` bounds the tasks that a page of a search looks at."""
        self._database = database
        self._tasks = SqliteTaskLists(database, most_looked_at)

    async def tasks(
        self,
        project_id: ProjectId,
        where: Query,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> TaskPage:
        return await self._tasks.page(project_id, where, cursor=cursor, limit=limit)

    async def task(self, project_id: ProjectId, engine: str, task_id: str) -> Task | None:
        return await self._tasks.one(project_id, engine, task_id)

    async def children(
        self, project_id: ProjectId, engine: str, task_id: str, *, limit: int = 100
    ) -> Sequence[Task]:
        return await self._tasks.children(project_id, engine, task_id, limit=limit)

    async def running(
        self, project_id: ProjectId, *, workers: Collection[str] | None = None
    ) -> Sequence[Task]:
        return await self._tasks.running(project_id, workers)

    async def at_work(self, project_id: ProjectId) -> Mapping[str, Sequence[Instant]]:
        number = await self._database.number_of(project_id)
        (row,) = await self._database.fetch(_SQL["at_work"], (number,))
        heard_at: defaultdict[str, list[Instant]] = defaultdict(list)
        for worker, at in _CODEC.loads_exact(row[0]):
            heard_at[worker].append(at)
        return heard_at

    async def oldest_waiting(self, project_id: ProjectId) -> dict[tuple[str, str], Instant]:
        number = await self._database.number_of(project_id)
        rows = await self._database.fetch(_SQL["oldest_waiting"], (number,))
        return {(engine, queue): at for engine, queue, at in rows}

    async def queues(self, project_id: ProjectId) -> Sequence[Queue]:
        number = await self._database.number_of(project_id)
        rows = await self._database.fetch(_SQL["queues"], (number,))
        return [_queue(project_id, row) for row in rows]

    async def queue_page(
        self,
        project_id: ProjectId,
        where: QueueFilter,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> QueuePage:
        depth, engine, queue = queues_after(cursor)
        wanted = {
            "project": await self._database.number_of(project_id),
            "engine": where.engine,
            "queue": where.queue,
            "text": where.text,
            "after_depth": depth,
            "after_engine": engine,
            "after_queue": queue,
            "limit": limit + 1,
        }
        rows = await self._database.fetch(_SQL["queue_page"], wanted)
        return QueuePage(*page_of([_queue(project_id, row) for row in rows], limit, queue_place))

    async def queue(self, project_id: ProjectId, engine: str, queue: str) -> Queue | None:
        number = await self._database.number_of(project_id)
        rows = await self._database.fetch(_SQL["queue"], (number, engine, queue))
        return _queue(project_id, rows[0]) if rows else None

    async def queue_minutes(
        self,
        project_id: ProjectId,
        *,
        since: Instant,
        until: Instant,
        queues: Collection[QueueKey] | None = None,
    ) -> Sequence[QueueMinute]:
        number = await self._database.number_of(project_id)
        names = None if queues is None else [(engine, queue) for _, engine, queue in queues]
        wanted = {
            "project": number, "since": since, "until": until,
            "queues": None if names is None else _CODEC.dumps(names).decode(),
        }  # fmt: skip
        (row,) = await self._database.fetch(_SQL["queue_minutes"], wanted)
        return [
            QueueMinute.from_document(
                QueueMinuteKey(QueueKey(project_id, engine, queue), minute), document
            )
            for engine, queue, minute, document in _CODEC.loads_exact(row[0])
        ]

    async def statistics(
        self,
        project_id: ProjectId,
        *,
        since: Instant,
        until: Instant,
        engine: str | None = None,
        name: str | None = None,
    ) -> Sequence[MinuteStatistics]:
        number = await self._database.number_of(project_id)
        wanted = {
            "project": number, "since": since, "until": until, "engine": engine, "name": name,
        }  # fmt: skip
        (row,) = await self._database.fetch(_SQL["statistics"], wanted)
        rows = [
            MinuteStatistics.from_document(StatisticsKey(project_id, engine_, name_, minute), doc)
            for engine_, name_, minute, doc in _CODEC.loads_exact(row[0])
        ]
        return [each for each in rows if not each.is_empty]

    async def sums(self, project_id: ProjectId, window: Window) -> Sums:
        number = await self._database.number_of(project_id)
        return await read_sums(self._database.fetch, number, window)

    async def newest_failed(
        self, project_id: ProjectId, fingerprints: Collection[str]
    ) -> Mapping[str, Task]:
        return await self._tasks.newest_failed(project_id, fingerprints)

    async def command(self, project_id: ProjectId, command_id: CommandId) -> Command | None:
        found = await self._commands("command", (command_id, project_id))
        return found[0] if found else None

    async def commands(
        self,
        project_id: ProjectId,
        *,
        statuses: frozenset[CommandStatus] | None = None,
        task_id: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> CommandPage:
        at, command_id = decode_cursor(cursor, int, str) if cursor is not None else (_LAST, "")
        wanted = {
            "project": project_id,
            "before_at": min(at, _LAST),
            "before_id": command_id,
            "statuses": None if statuses is None else _CODEC.dumps(sorted(statuses)).decode(),
            "task_id": task_id,
            "limit": limit + 1,
        }
        found = await self._commands("commands", wanted)
        return CommandPage(*page_of(found, limit, command_place))

    async def open_commands(self) -> Sequence[Command]:
        return await self._commands("open_commands", ())

    async def reset(self) -> None:
        async with self._database.transaction() as transaction:
            for statement in _SQL["reset"].split(";"):
                if statement.strip():
                    await transaction.execute(statement)

    async def rebuild(self, *, events: Sequence[Event], entries: Sequence[Recorded]) -> None:
        async with self._database.transaction() as transaction:
            await fold_journal_into(transaction, entries)
            numbers = await transaction.numbers(event.project_id for event in events)
            await fold_into(transaction, events, numbers)

    async def _commands(self, statement: str, parameters: object) -> list[Command]:
        rows = await self._database.fetch(_SQL[statement], parameters)
        return [Command.from_data(_CODEC.loads_exact(row[0])) for row in rows]


def _queue(project_id: ProjectId, row: Sequence[Any]) -> Queue:
    engine, queue, depth, depth_at = row
    return Queue(QueueKey(project_id, engine, queue), depth, depth_at)
