"""Lists of tasks in SQLite: keyset pages, each over the index that narrows it most."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from sqlite3 import Row
from time import monotonic

from ...domain.ids import ProjectId
from ...domain.instants import Instant
from ...domain.projections.tasks import Task, TaskKey
from ...domain.queries import TaskPage
from ...domain.search.scan import MOST_SECONDS, Scan
from ...domain.search.terms import Query
from ..wire import OrjsonCodec
from .database import SqliteDatabase
from .statements import statements
from .task_search import floor_statement, step_statement

_VIEWS = statements("views")
_SEARCH = statements("search")
_CODEC = OrjsonCodec()


class SqliteTaskLists:
    def __init__(self, database: SqliteDatabase, most_looked_at: int) -> None:
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
            (found,) = await self._database.fetch(statement, parameters)
            scan.take(
                (_task(project_id, *row) for row in _CODEC.loads_exact(found[0])), floor=floor
            )
            if monotonic() > deadline:
                scan.stop()
        return scan.page()

    async def one(self, project_id: ProjectId, engine: str, task_id: str) -> Task | None:
        number = await self._database.number_of(project_id)
        tasks = await self._fetch(_VIEWS["task"], project_id, (number, engine, task_id))
        return tasks[0] if tasks else None

    async def children(
        self, project_id: ProjectId, engine: str, task_id: str, *, limit: int
    ) -> Sequence[Task]:
        number = await self._database.number_of(project_id)
        wanted = (number, task_id, engine, limit)
        return await self._fetch(_SEARCH["children"], project_id, wanted)

    async def running(
        self, project_id: ProjectId, workers: Collection[str] | None
    ) -> Sequence[Task]:
        names = None if workers is None else _CODEC.dumps(list(workers)).decode()
        wanted = (await self._database.number_of(project_id), names, names)
        return await self._fetch(_VIEWS["running"], project_id, wanted)

    async def newest_failed(
        self, project_id: ProjectId, fingerprints: Collection[str]
    ) -> Mapping[str, Task]:
        number = await self._database.number_of(project_id)
        wanted = (_CODEC.dumps(list(fingerprints)).decode(), number)
        tasks = await self._fetch(_SEARCH["newest_failed"], project_id, wanted)
        return {task.fingerprint: task for task in tasks if task.fingerprint is not None}

    async def _floor(self, number: int | None, scan: Scan) -> Instant | None:
        """The time down to which the next step goes; None to the end."""
        if scan.step is None:
            return None
        rows = await self._database.fetch(*floor_statement(number, scan, scan.step))
        return rows[0][0] if rows else None

    async def _fetch(self, sql: str, project_id: ProjectId, wanted: object) -> list[Task]:
        rows: list[Row] = await self._database.fetch(sql, wanted)
        return [
            _task(project_id, engine, task_id, _CODEC.loads_exact(document))
            for engine, task_id, document in rows
        ]


def _task(project_id: ProjectId, engine: str, task_id: str, document: dict[str, object]) -> Task:
    return Task.from_document(TaskKey(project_id, engine, task_id), document)
