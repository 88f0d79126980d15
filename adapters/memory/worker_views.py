"""Workers in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy

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
from ...domain.ids import ProjectId
from ...domain.instants import Instant
from ...domain.paging import page_of
from ...domain.projections.workers import Worker
from .state import MemoryState


class MemoryWorkerViews:
    """Satisfies `WorkerViews`."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def page(
        self,
        project_id: ProjectId,
        where: WorkerFilter,
        *,
        cursor: str | None = None,
        limit: int = 100,
    ) -> WorkerPage:
        before = workers_before(cursor)
        found = [
            worker
            for worker in self._workers(project_id)
            if where.matches(worker) and where.place(worker) < before
        ]
        found.sort(key=where.place, reverse=True)
        return WorkerPage(*page_of(found, limit, where.place))

    async def named(
        self, project_id: ProjectId, names: Collection[str], *, since: Instant
    ) -> Sequence[Worker]:
        found = [
            worker
            for worker in self._workers(project_id)
            if not set(names).isdisjoint(worker.names)
            and (worker.left_at is None or worker.left_at >= since)
        ]
        found.sort(key=lambda worker: (worker.left_at is None, worker.left_at), reverse=True)
        return found[:MOST_NAMED]

    async def fleet(self, project_id: ProjectId, *, since: Instant) -> Fleet:
        workers = list(self._workers(project_id))
        online = [worker for worker in workers if worker.left_at is None]
        left = [worker.left_at for worker in workers if worker.left_at is not None]
        counted = Counter(worker.deployment for worker in online)
        largest = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
        return Fleet(
            online=len(online),
            losing=sum(1 for each in online if each.health and each.health.lost_events),
            gone=min(MOST_GONE, sum(1 for at in left if at >= since)),
            left_at=max(left, default=None),
            deployments=tuple(Deployment(*each) for each in largest[:MOST_DEPLOYMENTS]),
        )

    def _workers(self, project_id: ProjectId) -> Iterator[Worker]:
        for (of_project, slot), worker in self._state.views.workers.items():
            if of_project == project_id:
                shown = deepcopy(worker)
                shown.health = deepcopy(self._state.health.get((of_project, slot)))
                yield shown
