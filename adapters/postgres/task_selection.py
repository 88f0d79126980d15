"""Many tasks at once in PostgreSQL, without their documents where columns tell it all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import LiteralString

from ...domain.ids import ProjectId
from ...domain.projections.tasks import TaskKey, TaskState
from ...domain.queries import Selection
from ...domain.search.scan import MOST_LOOKED_AT, Scan
from ...domain.search.terms import Query
from .database import PostgresDatabase
from .documents import columns
from .statements import statements
from .task_lists import PostgresTaskLists
from .task_search import floor_statement, step_statement
from .texts import from_column, to_column

_SQL = statements("search")


class PostgresTaskSelection:
    """Satisfies `TaskSelection`."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self._lists = PostgresTaskLists(database, MOST_LOOKED_AT)

    async def select(
        self, project_id: ProjectId, where: Query, *, cursor: str | None = None, limit: int
    ) -> Selection:
        scan = Scan(where, cursor=cursor, limit=limit)
        if not scan.plan.told:
            page = await self._lists.page(project_id, where, cursor=cursor, limit=limit)
            return Selection.of(page)
        number, floor, reads = (
            await self._database.number_of(project_id),
            None,
            self._database.reads,
        )
        if scan.stride is not None:
            ends = await reads.fetch(*floor_statement(number, scan, scan.stride))
            floor = ends[0][0] if ends else None
        rows = await reads.fetch(*step_statement(number, scan, floor, wanted="items"))
        found = [
            (from_column(engine), from_column(task_id), state, at)
            for engine, task_id, state, at in rows
        ]
        return scan.selection(found, floor=floor)

    async def states(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, TaskState]:
        return {key: TaskState(state) for key, state in await self._told("state", keys)}

    async def names(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, str]:
        return await self._texts("name", keys)

    async def workers(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, str]:
        return await self._texts("worker", keys)

    async def _texts(
        self, column: LiteralString, keys: Collection[TaskKey]
    ) -> Mapping[TaskKey, str]:
        told = await self._told(column, keys)
        return {key: from_column(text) for key, text in told if text}

    async def _told(
        self, column: LiteralString, keys: Collection[TaskKey]
    ) -> list[tuple[TaskKey, str]]:
        """One column of these tasks."""
        if not keys:
            return []
        (project_id,) = {key.project_id for key in keys}
        bare = [(to_column(key.engine), to_column(key.task_id)) for key in keys]
        wanted = {
            "project": await self._database.number_of(project_id),
            **columns(("engine", "task_id"), bare),
        }
        # What decides reads from the database that is written to.
        rows = await self._database.decisions.fetch(_SQL["told"].format(column=column), wanted)
        return [
            (TaskKey(project_id, from_column(engine), from_column(task_id)), value)
            for engine, task_id, value in rows
        ]
