"""Replicas that work on bulk operations, with failed tasks to retry."""

from __future__ import annotations

from collections.abc import Sequence

from taskdeck.adapters.local.registry import LocalRegistry
from taskdeck.domain.bulk import Bulk
from taskdeck.domain.ids import ReplicaId
from taskdeck.domain.instants import SECOND
from taskdeck.domain.replicas import Replica
from taskdeck.domain.services.bulks import BulkRequest

from ...builders import run_of
from ...faults.by_hand import SlowRegistry
from .brain import ACTOR, ME, Brain, Shared
from .worker import Worker

RETRY = BulkRequest(action="retry_task", query="state:failed", rate_per_second=500)


class FleetRegistry(SlowRegistry):
    """Knows which replicas are alive."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(LocalRegistry(ME, shared.clock))
        self.living = {"r1", "r2"}

    async def replicas(self) -> Sequence[Replica]:
        return [
            Replica(id=ReplicaId(name), name=name, version="0", started_at=0, beat_at=0)
            for name in sorted(self.living)
        ]


class Fleet(Shared):
    """Two replicas, `r1` and `r2`, may share this."""

    def __init__(self) -> None:
        super().__init__()
        self.registry: FleetRegistry = FleetRegistry(self)


async def fail_tasks(brain: Brain, number: int, *, engine: str = "celery", name: str = "t") -> None:
    """So many tasks that failed an hour ago."""
    at = brain.clock.now() - 3_600 * SECOND
    for task in range(number):
        await brain.report(
            *run_of(
                f"{name}{task}",
                at=at + task,
                outcome="failed",
                engine=engine,
                project_id=brain.project.id,
            )
        )


async def bulk_of(brain: Brain, bulk: Bulk) -> Bulk:
    return await brain.bulks.one(brain.project, bulk.id)


async def started(brain: Brain, request: BulkRequest = RETRY) -> Bulk:
    return await brain.bulks.start(brain.project, request, ACTOR)


async def one_turn(brain: Brain, *workers: Worker, seconds: float = 0.5) -> None:
    """A turn of the runner; its commands go out and are answered."""
    await brain.bulk_runner.turn()
    await brain.follower.catch_up()
    await brain.dispatcher.drain()
    for worker in workers:
        answer(worker)
    await brain.dispatcher.drain()
    brain.clock.advance(seconds)


def answer(worker: Worker) -> None:
    """Everything that came and was not answered yet succeeds."""
    for order in worker.received("command"):
        if order["id"] not in worker.answered:
            worker.answered.add(order["id"])
            worker.finish(order, {"done": True})


def tasks_ordered(*workers: Worker) -> list[str]:
    """The tasks of all command frames, each as often as it came."""
    return sorted(
        frame["payload"]["target"]["id"]
        for worker in workers
        for frame in worker.received("command")
    )
