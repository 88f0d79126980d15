"""Everything that matches, page after page, in the memory of one page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from ...ports.journal import Journal
from ...ports.projection_store import ProjectionStore
from ..access import Project
from ..audit import AuditFilter
from ..ids import ProjectId
from ..journal import Recorded
from ..projections.tasks import Task
from ..search import Query

PAGE = 200


class Exports:
    """Each page is one short look into the database, so a slow reader holds nothing up.

    What changes meanwhile moves to the beginning of its list, and is not told again.
    """

    def __init__(self, *, views: ProjectionStore, journal: Journal) -> None:
        self._views = views
        self._journal = journal

    async def tasks(self, project: Project, where: Query) -> AsyncIterator[Sequence[Task]]:
        """Newest first. A page may be empty where much was looked at in vain."""
        cursor = None
        while True:
            page = await self._views.tasks(project.id, where, cursor=cursor, limit=PAGE)
            yield page.tasks
            cursor = page.next_cursor
            if cursor is None:
                return

    async def audit(
        self, project_id: ProjectId, where: AuditFilter
    ) -> AsyncIterator[Sequence[Recorded]]:
        """Newest first."""
        cursor = None
        while page := await self._journal.audit(project_id, where, before=cursor, limit=PAGE):
            yield page
            cursor = page[-1].cursor
