"""Bulk operations in PostgreSQL, folded in the transaction that appends."""

from __future__ import annotations

from collections.abc import Sequence

from ...domain.bulk import Bulk, concerned, fold_bulks
from ...domain.commands import Command
from ...domain.ids import BulkId, CommandId, ProjectId
from ...domain.journal import Recorded
from ...domain.paging import page_of
from ...domain.queries import BulkPage, bulk_place, bulks_before
from ..wire import OrjsonCodec
from .connections import Transaction
from .database import PostgresDatabase
from .documents import columns, dumped
from .statements import statements
from .texts import to_column

_SQL = statements("bulks")
_CODEC = OrjsonCodec()
_BULK = ("id", "project_id", "created_at", "open", "document")


class PostgresBulkViews:
    """Satisfies `BulkViews`."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._connections = database.decisions

    async def bulk(self, project_id: ProjectId, bulk_id: BulkId) -> Bulk | None:
        found = await self._bulks("one", id=to_column(bulk_id), project_id=project_id)
        return found[0] if found else None

    async def bulks(
        self, project_id: ProjectId, *, cursor: str | None = None, limit: int = 50
    ) -> BulkPage:
        at, bulk_id = bulks_before(cursor)
        wanted = {"before_at": at, "before_id": to_column(bulk_id)}
        found = await self._bulks("page", project_id=project_id, limit=limit + 1, **wanted)
        return BulkPage(*page_of(found, limit, bulk_place))

    async def open_bulks(self) -> Sequence[Bulk]:
        return await self._bulks("open")

    async def commands(self, project_id: ProjectId, ids: Sequence[CommandId]) -> Sequence[Command]:
        wanted = {"ids": [to_column(each) for each in ids], "project_id": project_id}
        rows = await self._connections.fetch(_SQL["commands"], wanted)
        return [Command.from_data(_CODEC.loads_exact(row[0])) for row in rows]

    async def _bulks(self, statement: str, **wanted: object) -> list[Bulk]:
        rows = await self._connections.fetch(_SQL[statement], wanted)
        return [Bulk.from_data(_CODEC.loads_exact(row[0])) for row in rows]


async def fold_bulks_into(
    transaction: Transaction, recorded: Sequence[Recorded], ended: Sequence[Command]
) -> None:
    """Entries of operations, and commands that came to their end; the journal's lock is held."""
    ids = concerned(recorded, ended)
    if not ids:
        return
    wanted = {"ids": [to_column(bulk_id) for bulk_id in ids]}
    rows = await transaction.fetch(_SQL["load"], wanted)
    stored = [Bulk.from_data(_CODEC.loads_exact(row[0])) for row in rows]
    folded = fold_bulks({bulk.id: bulk for bulk in stored}, recorded, ended)
    if folded:
        saved = [
            (
                to_column(bulk.id),
                bulk.project_id,
                bulk.created_at,
                bulk.status.open,
                dumped(bulk.to_data()),
            )
            for bulk in folded.values()
        ]
        await transaction.execute(_SQL["save"], columns(_BULK, saved))
