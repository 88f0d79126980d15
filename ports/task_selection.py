"""Many tasks at once, without what is known of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from ..domain.ids import ProjectId
from ..domain.projections.tasks import TaskKey, TaskState
from ..domain.queries import Selection
from ..domain.search.terms import Query


class TaskSelection(Protocol):
    async def select(
        self, project_id: ProjectId, where: Query, *, cursor: str | None = None, limit: int
    ) -> Selection:
        """The tasks that a query means, newest first; the cursor goes on.

        Raises InvalidInput for a cursor that this store did not make.
        """
        ...

    async def states(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, TaskState]:
        """How tasks of one project stand, as of now; those that are not known are left out."""
        ...

    async def names(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, str]:
        """Of tasks of one project; those without a name, or not known, are left out."""
        ...

    async def workers(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, str]:
        """What events call the workers of these tasks of one project, where any said it."""
        ...
