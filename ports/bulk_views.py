"""Where bulk operations are read, with the commands of their items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..domain.bulk import Bulk
from ..domain.commands import Command
from ..domain.ids import BulkId, CommandId, ProjectId
from ..domain.queries import BulkPage


class BulkViews(Protocol):
    """Views of the journal, folded where it is appended: whoever decided something finds it at once.

    A cursor that this store did not make raises InvalidInput.
    """

    async def bulk(self, project_id: ProjectId, bulk_id: BulkId) -> Bulk | None: ...

    async def bulks(
        self, project_id: ProjectId, *, cursor: str | None = None, limit: int = 50
    ) -> BulkPage: ...

    async def open_bulks(self) -> Sequence[Bulk]:
        """Of all projects those that have not ended, oldest first."""
        ...

    async def commands(self, project_id: ProjectId, ids: Sequence[CommandId]) -> Sequence[Command]:
        """Those of these commands that there are, in any order."""
        ...
