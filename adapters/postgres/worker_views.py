"""Workers in PostgreSQL, folded in the transaction that appends."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, LiteralString

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
from .connections import Transaction
from .database import PostgresDatabase
from .documents import columns, dumped
from .statements import statements
from .texts import from_column, optional_to_column, to_column

_SQL = statements("workers")
_CODEC = OrjsonCodec()
_SLOT = ("project_id", "agent_id", "worker_id")
_WORKER = (*_SLOT, "opened_at", "left_at", "process", "deployment", "document")


_PAGES: Mapping[bool | None, LiteralString] = {
    None: _SQL["page"].format(at="opened_at", which="true"),
    True: _SQL["page"].format(at="opened_at", which="w.left_at IS NULL"),
    False: _SQL["page"].format(at="left_at", which="w.left_at IS NOT NULL"),
}
"""`WorkerFilter.online` -> statement."""


class PostgresWorkerViews:
    """Satisfies `WorkerViews`."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._connections = database.reads

    async def page(
        self,
        project_id: ProjectId,
        where: WorkerFilter,
        *,
        cursor: str | None = None,
        limit: int = 100,
    ) -> WorkerPage:
        at, agent_id, worker_id = workers_before(cursor)
        found = await self._workers(
            _PAGES[where.online],
            project_id,
            before_at=at,
            before_agent=to_column(agent_id),
            before_worker=to_column(worker_id),
            deployment=optional_to_column(where.deployment),
            text=optional_to_column(where.text),
            limit=limit + 1,
        )
        return WorkerPage(*page_of(found, limit, where.place))

    async def named(
        self, project_id: ProjectId, names: Collection[str], *, since: Instant
    ) -> Sequence[Worker]:
        if not names:
            return ()
        wanted = [to_column(name) for name in names]
        return await self._workers(
            _SQL["named"], project_id, names=wanted, since=since, limit=MOST_NAMED
        )

    async def fleet(self, project_id: ProjectId, *, since: Instant) -> Fleet:
        wanted = {"project_id": project_id, "since": since, "most": MOST_GONE}
        ((online, losing, gone, left_at),) = await self._connections.fetch(_SQL["counts"], wanted)
        rows = await self._connections.fetch(
            _SQL["deployments"], {"project_id": project_id, "limit": MOST_DEPLOYMENTS}
        )
        return Fleet(
            online=online,
            losing=losing,
            gone=gone,
            left_at=left_at,
            deployments=tuple(Deployment(from_column(name), count) for name, count in rows),
        )

    async def _workers(
        self, statement: LiteralString, project_id: ProjectId, **wanted: Any
    ) -> list[Worker]:
        rows = await self._connections.fetch(statement, {"project_id": project_id, **wanted})
        found = []
        for agent_id, worker_id, document, health in rows:
            worker = _worker(project_id, agent_id, worker_id, document)
            if health:
                worker.health = WorkerHealth.from_document(_CODEC.loads_exact(health))
            found.append(worker)
        return found


async def fold_workers_into(transaction: Transaction, recorded: Sequence[Recorded]) -> None:
    """Entries of sessions; the journal's lock is held."""
    slots = slots_of(recorded)
    if not slots:
        return
    wanted = columns(_SLOT, [_place(project_id, slot) for project_id, slot in slots])
    stored = [
        _worker(ProjectId(project_id), agent_id, worker_id, document)
        for project_id, agent_id, worker_id, document in await transaction.fetch(
            _SQL["load"], wanted
        )
    ]
    rows = [
        (
            *_place(worker.project_id, worker.slot),
            worker.opened_at,
            worker.left_at,
            optional_to_column(worker.process),
            to_column(worker.deployment),
            dumped(worker.to_document()),
        )
        for worker in fold_workers(stored, recorded)
    ]
    await transaction.execute(_SQL["save"], columns(_WORKER, rows))


def _place(project_id: ProjectId, slot: WorkerSlot) -> tuple[str, str, str]:
    return project_id, to_column(slot.agent_id), to_column(slot.worker_id)


def _worker(project_id: ProjectId, agent_id: str, worker_id: str, document: str) -> Worker:
    slot = WorkerSlot(AgentId(from_column(agent_id)), from_column(worker_id))
    return Worker.from_document(project_id, slot, _CODEC.loads_exact(document))
