"""The views in PostgreSQL, all but the list of tasks."""

from __future__ import annotations

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
from ...domain.retention import day_of
from ...domain.search.scan import MOST_LOOKED_AT
from ...domain.search.terms import Query
from ...ports.clock import Clock
from ..wire import OrjsonCodec
from .database import PostgresDatabase
from .folding import fold_into
from .journal import lock_journal
from .journal_views import fold_journal_into
from .partitions import COMMANDS, FILINGS, TASKS, Room, check_width
from .statements import statements
from .storing import days_of
from .sums import read_sums
from .task_lists import PostgresTaskLists
from .texts import from_column, optional_to_column, to_column

_SQL = statements("views")
_CODEC = OrjsonCodec()
_LAST = 2**63 - 1


class PostgresProjectionStore:
    """Satisfies `ProjectionStore`.

    Commands are read where decisions are written: whoever issued one finds it at once.
    """

    def __init__(
        self, database: PostgresDatabase, clock: Clock, *, most_looked_at: int = MOST_LOOKED_AT
    ) -> None:
        """`most_looked_at` bounds the tasks that a page of a search looks at."""
        self._database = database
        self._clock = clock
        self._tasks = PostgresTaskLists(database, most_looked_at)

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
        return {
            from_column(worker): heard_at
            for worker, heard_at in await self._fetch("at_work", project=number)
        }

    async def oldest_waiting(self, project_id: ProjectId) -> dict[tuple[str, str], Instant]:
        number = await self._database.number_of(project_id)
        rows = await self._fetch("oldest_waiting", project=number)
        return {(from_column(engine), from_column(queue)): at for engine, queue, at in rows}

    async def queues(self, project_id: ProjectId) -> Sequence[Queue]:
        number = await self._database.number_of(project_id)
        return [_queue(project_id, row) for row in await self._fetch("queues", project=number)]

    async def queue_page(
        self,
        project_id: ProjectId,
        where: QueueFilter,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> QueuePage:
        depth, engine, queue = queues_after(cursor)
        rows = await self._fetch(
            "queue_page",
            project=await self._database.number_of(project_id),
            engine=optional_to_column(where.engine),
            queue=optional_to_column(where.queue),
            text=optional_to_column(where.text),
            after_depth=depth,
            after_engine=to_column(engine),
            after_queue=to_column(queue),
            limit=limit + 1,
        )
        return QueuePage(*page_of([_queue(project_id, row) for row in rows], limit, queue_place))

    async def queue(self, project_id: ProjectId, engine: str, queue: str) -> Queue | None:
        number = await self._database.number_of(project_id)
        rows = await self._fetch(
            "queue", project=number, engine=to_column(engine), queue=to_column(queue)
        )
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
        wanted = {
            "engines": None if queues is None else [to_column(each.engine) for each in queues],
            "queues": None if queues is None else [to_column(each.queue) for each in queues],
        }
        return [
            QueueMinute.from_document(
                QueueMinuteKey(_queue_key(project_id, engine, queue), minute),
                _CODEC.loads_exact(document),
            )
            for engine, queue, minute, document in await self._fetch(
                "queue_minutes", project=number, since=since, until=until, **wanted
            )
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
        wanted = {
            "project": await self._database.number_of(project_id),
            "since": since,
            "until": until,
            "engine": optional_to_column(engine),
            "name": optional_to_column(name),
        }
        rows = [
            MinuteStatistics.from_document(
                StatisticsKey(project_id, from_column(of_engine), from_column(of_name), minute),
                _CODEC.loads_exact(document),
            )
            for of_engine, of_name, minute, document in await self._fetch("statistics", **wanted)
        ]
        return [each for each in rows if not each.is_empty]

    async def sums(self, project_id: ProjectId, window: Window) -> Sums:
        number = await self._database.number_of(project_id)
        return await read_sums(self._database.reads.fetch, number, window)

    async def newest_failed(
        self, project_id: ProjectId, fingerprints: Collection[str]
    ) -> Mapping[str, Task]:
        return await self._tasks.newest_failed(project_id, fingerprints)

    async def command(self, project_id: ProjectId, command_id: CommandId) -> Command | None:
        found = await self._commands("command", id=to_column(command_id), project_id=project_id)
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
            "project_id": project_id,
            "before_at": min(at, _LAST),
            "before_id": to_column(command_id),
            "statuses": None if statuses is None else sorted(statuses),
            "task_id": optional_to_column(task_id),
            "limit": limit + 1,
        }
        found = await self._commands("commands", **wanted)
        return CommandPage(*page_of(found, limit, command_place))

    async def open_commands(self) -> Sequence[Command]:
        return await self._commands("open_commands")

    async def reset(self) -> None:
        async with self._database.decisions.transaction() as transaction:
            await transaction.execute(_SQL["reset"])

    async def rebuild(self, *, events: Sequence[Event], entries: Sequence[Recorded]) -> None:
        numbers = await self._database.numbers(event.project_id for event in events)
        partitions = self._database.partitions
        receipts, occurrences = days_of(events)
        decided = frozenset(day_of(each.entry.at) for each in entries)
        check_width(decided)

        async def fold(room: Room) -> None:
            check_width(receipts.union(day for day in occurrences if day >= room.first))
            await partitions.make({TASKS: receipts, FILINGS: receipts, COMMANDS: decided})
            async with self._database.decisions.transaction() as transaction:
                if entries:
                    await lock_journal(transaction)
                    await fold_journal_into(transaction, entries)
                await fold_into(transaction, events, numbers, room)

        await partitions.with_room(self._clock.now(), fold)

    async def _fetch(self, statement: str, **wanted: object) -> list[tuple[Any, ...]]:
        return await self._database.reads.fetch(_SQL[statement], wanted)

    async def _commands(self, statement: str, **wanted: object) -> list[Command]:
        rows = await self._database.decisions.fetch(_SQL[statement], wanted)
        return [Command.from_data(_CODEC.loads_exact(row[0])) for row in rows]


def _queue_key(project_id: ProjectId, engine: str, queue: str) -> QueueKey:
    return QueueKey(project_id, from_column(engine), from_column(queue))


def _queue(project_id: ProjectId, row: Sequence[Any]) -> Queue:
    engine, queue, depth, depth_at = row
    return Queue(_queue_key(project_id, engine, queue), depth, depth_at)
