"""Many tasks at once, in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ...domain.ids import ProjectId
from ...domain.projections.tasks import TaskKey, TaskState
from ...domain.queries import Selection
from ...domain.search import Query
from .projection_store import MemoryProjectionStore
from .state import MemoryState


class MemoryTaskSelection:
    """Satisfies `TaskSelection`."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state
        self._views = MemoryProjectionStore(state)

    async def select(
        self, project_id: ProjectId, where: Query, *, cursor: str | None = None, limit: int
    ) -> Selection:
        page = await self._views.tasks(project_id, where, cursor=cursor, limit=limit)
        return Selection.of(page)

    async def states(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, TaskState]:
        tasks = self._state.views.tasks
        return {key: tasks[key].state for key in keys if key in tasks}

    async def names(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, str]:
        tasks = self._state.views.tasks
        return {key: name for key in keys if key in tasks and (name := tasks[key].name)}

    async def workers(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, str]:
        tasks = self._state.views.tasks
        told = {key: tasks[key].field("worker") for key in keys if key in tasks}
        return {key: worker for key, worker in told.items() if worker}
