"""Bulk operations in SQLite, folded in the transaction that appends."""

from __future__ import annotations

from collections.abc import Sequence

from ...domain.bulk import Bulk, concerned, fold_bulks
from ...domain.commands import Command
from ...domain.ids import BulkId, CommandId, ProjectId
from ...domain.journal import Recorded
from ...domain.paging import page_of
from ...domain.queries import BulkPage, bulk_place, bulks_before
from ..wire import OrjsonCodec
from .database import SqliteDatabase, Transaction
from .statements import statements

_SQL = statements("bulks")
_CODEC = OrjsonCodec()


class SqliteBulkViews:
    """Satisfies `BulkViews`."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def bulk(self, project_id: ProjectId, bulk_id: BulkId) -> Bulk | None:
        found = await self._bulks("one", bulk_id, project_id)
        return found[0] if found else None

    async def bulks(
        self, project_id: ProjectId, *, cursor: str | None = None, limit: int = 50
    ) -> BulkPage:
        at, bulk_id = bulks_before(cursor)
        found = await self._bulks("page", project_id, at, bulk_id, limit + 1)
        return BulkPage(*page_of(found, limit, bulk_place))

    async def open_bulks(self) -> Sequence[Bulk]:
        return await self._bulks("open")

    async def commands(self, project_id: ProjectId, ids: Sequence[CommandId]) -> Sequence[Command]:
        (row,) = await self._database.fetch(_SQL["commands"], (_json(ids), project_id))
        return [Command.from_data(data) for data in _CODEC.loads_exact(row[0])]

    async def _bulks(self, statement: str, *wanted: object) -> list[Bulk]:
        rows = await self._database.fetch(_SQL[statement], wanted)
        return [Bulk.from_data(_CODEC.loads_exact(row[0])) for row in rows]


async def fold_bulks_into(
    transaction: Transaction, recorded: Sequence[Recorded], ended: Sequence[Command]
) -> None:
    """Entries of operations, and commands that came to their end."""
    ids = concerned(recorded, ended)
    if not ids:
        return
    text = await transaction.value(_SQL["load"], (_json(ids),))
    stored = [Bulk.from_data(data) for data in _CODEC.loads_exact(text)]
    folded = fold_bulks({bulk.id: bulk for bulk in stored}, recorded, ended)
    rows = [
        (
            bulk.id,
            bulk.project_id,
            bulk.created_at,
            bulk.status.open,
            _CODEC.dumps(bulk.to_data()).decode(),
        )
        for bulk in folded.values()
    ]
    await transaction.execute_rows(_SQL["save"], rows)


def _json(ids: set[BulkId] | Sequence[CommandId]) -> str:
    return _CODEC.dumps(list(ids)).decode()
