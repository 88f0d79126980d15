"""The event log in SQLite; each batch in one transaction with what it changes in the views."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from sqlite3 import Row

from ...domain.batching import Batch
from ...domain.events import Event, EventKind
from ...domain.ids import EventId, ProjectId
from ...domain.paging import decode_cursor, encode_cursor
from ...domain.queries import EventFilter, EventPage
from ...ports.event_store import Appended
from ..wire import OrjsonCodec
from .database import SqliteDatabase, Transaction
from .folding import fold_into, fold_reports_into
from .statements import statements

_SQL = statements("events")
_CODEC = OrjsonCodec()
_PAST_ALL = 2**63 - 1


class SqliteEventStore:
    """Satisfies `EventStore`."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def append(self, batch: Batch) -> Appended:
        async with self._database.transaction() as transaction:
            numbers = await transaction.numbers(event.project_id for event in batch.events)
            rows = [
                (
                    numbers[event.project_id],
                    event.id,
                    event.kind,
                    event.engine,
                    event.task_id,
                    event.occurred_at,
                    event.received_at,
                    event.raw.decode(),
                )
                for event in batch.events
            ]
            stored = await transaction.execute_rows(_SQL["insert_events"], rows)
            new = await _new_ones(transaction, batch.events, numbers, stored)
            counted = await fold_into(transaction, new, numbers)
            await fold_reports_into(transaction, batch.reports)
        return Appended(stored, len(rows) - stored, counted)

    async def read(
        self,
        project_id: ProjectId,
        where: EventFilter,
        *,
        after: str | None = None,
        newest_first: bool = False,
        limit: int = 100,
    ) -> EventPage:
        (place,) = decode_cursor(after, int) if after is not None else (None,)
        if place is None:
            place = _PAST_ALL if newest_first else 0
        number = await self._database.number_of(project_id)
        rows = await self._database.fetch(
            _SQL[_statement(where, newest_first=newest_first)],
            {
                "project": number,
                "after": min(place, _PAST_ALL),
                "kind": where.kind,
                "engine": where.engine,
                "task_id": where.task_id,
                "since": where.since,
                "until": where.until,
                "limit": limit + 1,
            },
        )
        more, rows = len(rows) > limit, rows[:limit]
        next_cursor = encode_cursor(rows[-1][0]) if rows else after
        if newest_first and not more:
            next_cursor = None
        return EventPage(tuple(self._event(row, project_id) for row in rows), next_cursor)

    async def scan(self, *, chunk: int = 1_000) -> AsyncIterator[Sequence[Event]]:
        last = 0
        projects = await self._database.project_ids()
        while rows := await self._database.fetch(_SQL["scan_events"], (last, chunk)):
            last = rows[-1][0]
            yield [self._event(row, projects[row[1]]) for row in rows]

    async def count(self) -> int:
        (row,) = await self._database.fetch(_SQL["count_events"])
        return int(row[0])

    def _event(self, row: Row, project_id: ProjectId) -> Event:
        _, _, event_id, kind, engine, task_id, occurred_at, received_at, data = row
        return Event(
            project_id=project_id,
            id=EventId(event_id),
            kind=EventKind(kind),
            engine=engine,
            task_id=task_id,
            occurred_at=occurred_at,
            received_at=received_at,
            data=_CODEC.loads_exact(data),
            raw=data.encode(),
        )


async def _new_ones(
    transaction: Transaction, events: Sequence[Event], numbers: Mapping[ProjectId, int], stored: int
) -> Sequence[Event]:
    """The events that were just inserted, of which there are `stored`."""
    if stored == len(events):
        return events
    text = await transaction.value(_SQL["last_events"], (stored,))
    inserted = set(_CODEC.loads(text))
    new = []
    for event in events:
        name = f"{numbers[event.project_id]}:{event.id.hex()}"
        if name in inserted:
            inserted.discard(name)
            new.append(event)
    return new


def _statement(where: EventFilter, *, newest_first: bool) -> str:
    of_task = "_of_task" if where.task_id and where.engine is not None else ""
    return f"read_events{of_task}{'_backwards' if newest_first else ''}"
