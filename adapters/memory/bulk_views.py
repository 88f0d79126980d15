"""Bulk operations in memory."""

from __future__ import annotations

from collections.abc import Sequence

from ...domain.bulk import Bulk
from ...domain.commands import Command, stream_of
from ...domain.ids import BulkId, CommandId, ProjectId
from ...domain.paging import page_of
from ...domain.queries import BulkPage, bulk_place, bulks_before
from .state import MemoryState


class MemoryBulkViews:
    """Satisfies `BulkViews`."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def bulk(self, project_id: ProjectId, bulk_id: BulkId) -> Bulk | None:
        bulk = self._state.views.bulks.get(bulk_id)
        return bulk if bulk is not None and bulk.project_id == project_id else None

    async def bulks(
        self, project_id: ProjectId, *, cursor: str | None = None, limit: int = 50
    ) -> BulkPage:
        before = bulks_before(cursor)
        found = [
            bulk
            for bulk in self._newest_first()
            if bulk.project_id == project_id and (bulk.created_at, bulk.id) < before
        ]
        return BulkPage(*page_of(found, limit, bulk_place))

    async def open_bulks(self) -> Sequence[Bulk]:
        return [bulk for bulk in reversed(self._newest_first()) if bulk.status.open]

    async def commands(self, project_id: ProjectId, ids: Sequence[CommandId]) -> Sequence[Command]:
        known = self._state.views.commands
        found = (known.get(stream_of(command_id)) for command_id in ids)
        return [each for each in found if each is not None and each.project_id == project_id]

    def _newest_first(self) -> list[Bulk]:
        bulks = self._state.views.bulks.values()
        return sorted(bulks, key=lambda bulk: (bulk.created_at, bulk.id), reverse=True)
