"""Workers in SQLite, folded in the transaction that appends."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...domain.fleet import (
    MOST_DEPLOYMENTS,
    MOST_GONE,
    MOST_NAMED,
    Deployment,
    Fleet,
    WorkerFilter,
    WorkerPage,
    workers_before,
)
from ...domain.ids import AgentId, ProjectId, WorkerSlot
from ...domain.instants import Instant
from ...domain.journal import Recorded
from ...domain.paging import page_of
from ...domain.projections.worker_health import WorkerHealth
from ...domain.projections.workers import Worker, fold_workers, slots_of
from ..wire import OrjsonCodec
from .database import SqliteDatabase, Transaction
from .statements import statements

_SQL = statements("workers")
_CODEC = OrjsonCodec()
_PAGES = {
    None: _SQL["page"].format(at="opened_at", which="true"),
    True: _SQL["page"].format(at="opened_at", which="w.left_at IS NULL"),
    False: _SQL["page"].format(at="left_at", which="w.left_at IS NOT NULL"),
}
"""`WorkerFilter.online` -> statement."""


class SqliteWorkerViews:
    """Satisfies `WorkerViews`."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def page(
        self,
        project_id: ProjectId,
        where: WorkerFilter,
        *,
        cursor: str | None = None,
        limit: int = 100,
    ) -> WorkerPage:
        at, agent_id, worker_id = workers_before(cursor)
        wanted = {
            "before_at": at,
            "before_agent": agent_id,
            "before_worker": worker_id,
            "deployment": where.deployment,
            "text": where.text,
            "limit": limit + 1,
        }
        found = await self._workers(_PAGES[where.online], project_id, wanted)
        return WorkerPage(*page_of(found, limit, where.place))

    async def named(
        self, project_id: ProjectId, names: Collection[str], *, since: Instant
    ) -> Sequence[Worker]:
        if not names:
            return ()
        text = _CODEC.dumps(list(names)).decode()
        wanted = {"names": text, "since": since, "limit": MOST_NAMED}
        return await self._workers(_SQL["named"], project_id, wanted)

    async def fleet(self, project_id: ProjectId, *, since: Instant) -> Fleet:
        wanted = {"project_id": project_id, "since": since, "most": MOST_GONE}
        ((online, losing, gone, left_at),) = await self._database.fetch(_SQL["counts"], wanted)
        wanted = {"project_id": project_id, "limit": MOST_DEPLOYMENTS}
        rows = await self._database.fetch(_SQL["deployments"], wanted)
        return Fleet(
            online=online,
            losing=losing,
            gone=gone,
            left_at=left_at,
            deployments=tuple(Deployment(name, count) for name, count in rows),
        )

    async def _workers(
        self, statement: str, project_id: ProjectId, wanted: Mapping[str, Any]
    ) -> list[Worker]:
        (row,) = await self._database.fetch(statement, {"project_id": project_id, **wanted})
        found = []
        for agent_id, worker_id, document, health in _CODEC.loads_exact(row[0]):
            slot = WorkerSlot(AgentId(agent_id), worker_id)
            worker = Worker.from_document(project_id, slot, document)
            worker.health = None if health is None else WorkerHealth.from_document(health)
            found.append(worker)
        return found


async def fold_workers_into(transaction: Transaction, recorded: Sequence[Recorded]) -> None:
    """Entries of sessions."""
    slots = slots_of(recorded)
    if not slots:
        return
    wanted = [(project_id, slot.agent_id, slot.worker_id) for project_id, slot in slots]
    text = await transaction.value(_SQL["load"], (_CODEC.dumps(wanted).decode(),))
    stored = [
        Worker.from_document(project_id, WorkerSlot(agent_id, worker_id), document)
        for project_id, agent_id, worker_id, document in _CODEC.loads_exact(text)
    ]
    rows = [
        (
            worker.project_id,
            worker.slot.agent_id,
            worker.slot.worker_id,
            worker.opened_at,
            worker.left_at,
            worker.process,
            worker.deployment,
            _CODEC.dumps(worker.to_document()).decode(),
        )
        for worker in fold_workers(stored, recorded)
    ]
    await transaction.execute_rows(_SQL["save"], rows)
