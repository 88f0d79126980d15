"""The event log in PostgreSQL; each batch in one transaction with what it changes in the views."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from ...domain.batching import Batch
from ...domain.events import Event, EventKind
from ...domain.ids import EventId, ProjectId
from ...domain.paging import decode_cursor, encode_cursor
from ...domain.queries import EventFilter, EventPage
from ...ports.clock import Clock
from ...ports.event_store import Appended
from ..wire import OrjsonCodec
from .database import PostgresDatabase
from .filing import is_of_today
from .folding import fold_into
from .partitions import Room
from .statements import statements
from .storing import COPY_FROM, days_of, store
from .texts import from_column, optional_to_column

_SQL = statements("events")
_LAST = 2**63 - 1
_MOST_N = 2**31 - 1
COUNTED = 10_000
"""Up to so many events `count` is exact."""


class PostgresEventStore:
    """Satisfies `EventStore`.

    The order of storage is that of transactions, and within one that of the batch. Reading forwards
    waits for older transactions that are still under way, so that a cursor never passes over a batch
    that commits late; reading backwards shows everything at once.
    """

    def __init__(self, database: PostgresDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._partitions = database.partitions
        self._codec = OrjsonCodec()

    async def append(self, batch: Batch) -> Appended:
        return await self._partitions.with_room(
            self._clock.now(), lambda room: self._append(batch, room)
        )

    async def _append(self, batch: Batch, room: Room) -> Appended:
        numbers = await self._database.numbers(event.project_id for event in batch.events)
        first_day = 0
        if batch.events:
            first_day = await self._partitions.make_for(*days_of(batch.events), room)
        pipelined = len(batch.events) < COPY_FROM
        async with self._database.ingest.transaction(pipelined=pipelined) as transaction:
            new = await store(transaction, batch.events, numbers, first_day)
            together = is_of_today(new, self._clock.now())
            counted = await fold_into(
                transaction, new, numbers, room, batch.reports, together=together
            )
        return Appended(len(new), len(batch.events) - len(new), counted)

    async def read(
        self,
        project_id: ProjectId,
        where: EventFilter,
        *,
        after: str | None = None,
        newest_first: bool = False,
        limit: int = 100,
    ) -> EventPage:
        first = (_LAST, _MOST_N) if newest_first else (-1, 0)
        batch, n = first if after is None else decode_cursor(after, int, int)
        wanted = {
            "project": await self._database.number_of(project_id),
            "after_batch": min(batch, _LAST),
            "after_n": min(n, _MOST_N),
            "kind": where.kind,
            "engine": optional_to_column(where.engine),
            "task_id": optional_to_column(where.task_id),
            "since": where.since,
            "until": where.until,
            "limit": limit + 1,
        }
        statement = _SQL[_statement(where, newest_first=newest_first)]
        rows = await self._database.reads.fetch(statement, wanted)
        more, rows = len(rows) > limit, rows[:limit]
        next_cursor = encode_cursor(*rows[-1][:2]) if rows else after
        if newest_first and not more:
            next_cursor = None
        return EventPage(tuple(self._event(row, project_id) for row in rows), next_cursor)

    async def scan(self, *, chunk: int = 1_000) -> AsyncIterator[Sequence[Event]]:
        """One project after the other."""
        for project, project_id in (await self._database.project_ids()).items():
            batch, n = -1, 0
            while rows := await self._database.reads.fetch(
                _SQL["scan_events"],
                {"project": project, "after_batch": batch, "after_n": n, "limit": chunk},
            ):
                batch, n, *_ = rows[-1]
                yield [self._event(row, project_id) for row in rows]

    async def count(self) -> int:
        """Above 10 000, what PostgreSQL last estimated."""
        rows = await self._database.reads.fetch(_SQL["count_up_to"], {"most": COUNTED})
        if rows[0][0] == COUNTED:
            estimated = await self._database.reads.fetch(_SQL["estimate_count"])
            return max(COUNTED, int(estimated[0][0]))
        return int(rows[0][0])

    def _event(self, row: tuple[Any, ...], project_id: ProjectId) -> Event:
        _, _, _, event_id, kind, engine, task_id, occurred_at, received_at, data = row
        return Event(
            project_id=project_id,
            id=EventId(event_id.bytes),
            kind=EventKind(kind),
            engine=from_column(engine),
            task_id=from_column(task_id),
            occurred_at=occurred_at,
            received_at=received_at,
            data=self._codec.loads_exact(data),
            raw=data.encode(),
        )


def _statement(where: EventFilter, *, newest_first: bool) -> str:
    of_task = "_of_task" if where.task_id and where.engine is not None else ""
    return f"read_events{of_task}{'_backwards' if newest_first else ''}"
