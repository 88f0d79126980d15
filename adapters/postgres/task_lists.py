"""Lists of tasks in PostgreSQL: keyset pages over all days, newest first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from time import monotonic
from typing import Any, LiteralString

from ...domain.ids import ProjectId
from ...domain.instants import Instant
from ...domain.projections.tasks import Task, TaskKey
from ...domain.queries import TaskPage
from ...domain.search.scan import MOST_SECONDS, Scan
from ...domain.search.terms import Query
from ..wire import OrjsonCodec
from .database import PostgresDatabase
from .statements import statements
from .task_search import floor_statement, step_statement
from .texts import from_column, to_column

_VIEWS = statements("views")
_SEARCH = statements("search")
_CODEC = OrjsonCodec()


class PostgresTaskLists:
    def __init__(self, database: PostgresDatabase, most_looked_at: int) -> None:
        self._database = database
        self._most = most_looked_at

    async def page(
        self, project_id: ProjectId, where: Query, *, cursor: str | None, limit: int
    ) -> TaskPage:
        scan = Scan(where, cursor=cursor, limit=limit, most=self._most)
        number = await self._database.number_of(project_id)
        deadline = monotonic() + MOST_SECONDS
        while not scan.finished:
            floor = await self._floor(number, scan)
            statement, parameters = step_statement(number, scan, floor)
            scan.take(await self._fetch(statement, project_id, parameters), floor=floor)
            if monotonic() > deadline:
                scan.stop()
        return scan.page()

    async def one(self, project_id: ProjectId, engine: str, task_id: str) -> Task | None:
        wanted = {
            "project": await self._database.number_of(project_id),
            "engine": to_column(engine),
            "task_id": to_column(task_id),
        }
        tasks = await self._fetch(_VIEWS["task"], project_id, wanted)
        return tasks[0] if tasks else None

    async def children(
        self, project_id: ProjectId, engine: str, task_id: str, *, limit: int
    ) -> Sequence[Task]:
        wanted = {
            "project": await self._database.number_of(project_id),
            "engine": to_column(engine),
            "parent": to_column(task_id),
            "limit": limit,
        }
        return await self._fetch(_SEARCH["children"], project_id, wanted)

    async def running(
        self, project_id: ProjectId, workers: Collection[str] | None
    ) -> Sequence[Task]:
        wanted = {
            "project": await self._database.number_of(project_id),
            "workers": None if workers is None else list(map(to_column, workers)),
        }
        return await self._fetch(_VIEWS["running"], project_id, wanted)

    async def newest_failed(
        self, project_id: ProjectId, fingerprints: Collection[str]
    ) -> Mapping[str, Task]:
        wanted = {
            "project": await self._database.number_of(project_id),
            "fingerprints": list(map(to_column, fingerprints)),
        }
        tasks = await self._fetch(_SEARCH["newest_failed"], project_id, wanted)
        return {task.fingerprint: task for task in tasks if task.fingerprint is not None}

    async def _floor(self, number: int | None, scan: Scan) -> Instant | None:
        """The time down to which the next step goes; None to the end."""
        if scan.step is None:
            return None
        rows = await self._database.reads.fetch(*floor_statement(number, scan, scan.step))
        return rows[0][0] if rows else None

    async def _fetch(
        self, statement: LiteralString, project_id: ProjectId, wanted: Any
    ) -> list[Task]:
        rows = await self._database.reads.fetch(statement, wanted)
        return [
            Task.from_document(
                TaskKey(project_id, from_column(engine), from_column(task_id)),
                _CODEC.loads_exact(document),
            )
            for engine, task_id, document in rows
        ]
