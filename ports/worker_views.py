"""Where workers are read: page by page, for there may be many thousands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from ..domain.fleet import Fleet, WorkerFilter, WorkerPage
from ..domain.ids import ProjectId
from ..domain.instants import Instant
from ..domain.projections.workers import Worker


class WorkerViews(Protocol):
    """Workers with their health, folded from the journal and from heartbeats.

    A cursor that this store did not make raises InvalidInput.
    """

    async def page(
        self,
        project_id: ProjectId,
        where: WorkerFilter,
        *,
        cursor: str | None = None,
        limit: int = 100,
    ) -> WorkerPage:
        """In the order of `WorkerFilter.place`, the highest first."""
        ...

    async def named(
        self, project_id: ProjectId, names: Collection[str], *, since: Instant
    ) -> Sequence[Worker]:
        """Those that events may call so (`Worker.names`): connected, or left at this time or later.

        At most `MOST_NAMED`; those left out are the ones that left first.
        """
        ...

    async def fleet(self, project_id: ProjectId, *, since: Instant) -> Fleet:
        """How many there are, and how many of them left at this time or later."""
        ...
