"""Many tasks at once in SQLite, without their documents where columns tell it all."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ...domain.ids import ProjectId
from ...domain.projections.tasks import TaskKey, TaskState
from ...domain.queries import Selection
from ...domain.search.scan import MOST_LOOKED_AT, Scan
from ...domain.search.terms import Query
from ..wire import OrjsonCodec
from .database import SqliteDatabase
from .statements import statements
from .task_lists import SqliteTaskLists
from .task_search import floor_statement, step_statement

_SQL = statements("search")
_CODEC = OrjsonCodec()


class SqliteTaskSelection:
    """Satisfies `TaskSelection`."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._lists = SqliteTaskLists(database, MOST_LOOKED_AT)

    async def select(
        self, project_id: ProjectId, where: Query, *, cursor: str | None = None, limit: int
    ) -> Selection:
        scan = Scan(where, cursor=cursor, limit=limit)
        if not scan.plan.told:
            page = await self._lists.page(project_id, where, cursor=cursor, limit=limit)
            return Selection.of(page)
        number, floor = await self._database.number_of(project_id), None
        if scan.stride is not None:
            ends = await self._database.fetch(*floor_statement(number, scan, scan.stride))
            floor = ends[0][0] if ends else None
        statement, parameters = step_statement(number, scan, floor, wanted="items")
        (row,) = await self._database.fetch(statement, parameters)
        return scan.selection(_CODEC.loads(row[0]), floor=floor)

    async def states(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, TaskState]:
        return {key: TaskState(state) for key, state in await self._told("state", keys)}

    async def names(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, str]:
        return {key: name for key, name in await self._told("name", keys) if name}

    async def workers(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, str]:
        return {key: worker for key, worker in await self._told("worker", keys) if worker}

    async def _told(self, column: str, keys: Collection[TaskKey]) -> list[tuple[TaskKey, str]]:
        """One column of these tasks."""
        if not keys:
            return []
        (project_id,) = {key.project_id for key in keys}
        bare = _CODEC.dumps([(key.engine, key.task_id) for key in keys]).decode()
        number = await self._database.number_of(project_id)
        (row,) = await self._database.fetch(_SQL["told"].format(column=column), (bare, number))
        return [
            (TaskKey(project_id, engine, task_id), value)
            for engine, task_id, value in _CODEC.loads(row[0])
        ]
