"""How this replica feels: for `/ready` and `/metrics`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from ...ports.bus import Bus
from ...ports.clock import Clock
from ...ports.connection_pools import ConnectionPools
from ...ports.directory import Directory
from ...ports.projection_store import ProjectionStore
from ..errors import StoreUnavailable
from ..instants import SECOND, Instant
from ..projections.tally import QueueName
from ..retention import LATE_SECONDS
from ..vital_signs import VitalSigns
from .ingest import Ingest
from .retention import Retention
from .sessions import Sessions

DATABASE_SECONDS = 2.0
"""How long the database may take for a small question before it counts as away."""
STUCK_SECONDS = 30.0
"""So long a batch may be on its way before the backlog counts as stuck."""
DEAF_SECONDS = 30.0
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether connections should be sent here. `problems` say why not; `warnings` change nothing."""

    problems: Mapping[str, str]
    warnings: Mapping[str, str]

    @property
    def ready(self) -> bool:
        return not self.problems


class Checkup:
    def __init__(
        self,
        *,
        ingest: Ingest,
        sessions: Sessions,
        retention: Retention,
        bus: Bus,
        pools: ConnectionPools,
        directory: Directory,
        views: ProjectionStore,
        clock: Clock,
    ) -> None:
        self._ingest = ingest
        self._sessions = sessions
        self._retention = retention
        self._bus = bus
        self._pools = pools
        self._directory = directory
        self._views = views
        self._clock = clock
        self._heard_at: Instant | None = None
        self.draining = False
        """Set as soon as the brain is told to stop."""

    def listen(self) -> None:
        """Note whether other replicas are heard; to be called every second."""
        if self._bus.hears or self._heard_at is None:
            self._heard_at = self._clock.now()

    def signs(self, depths: Mapping[QueueName, int]) -> VitalSigns:
        return VitalSigns(
            backlog_events=self._ingest.waiting,
            high_water=self._ingest.high_water,
            stalled_seconds=self._ingest.stalled_seconds,
            paused_sockets=self._ingest.paused,
            sessions=len(self._sessions),
            deaf_seconds=self._deaf_seconds(),
            retention_lag_seconds=self._retention.lag_seconds,
            draining=self.draining,
            pools=self._pools.loads(),
            depths=depths,
        )

    async def depths(self) -> Mapping[QueueName, int]:
        """Of all measured queues; nothing while the database does not answer in time."""
        found: dict[QueueName, int] = {}
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                for project in await self._directory.projects():
                    for queue in await self._views.queues(project.id):
                        if queue.depth is not None:
                            place = QueueName(queue.key.engine, queue.key.queue)
                            found[place] = found.get(place, 0) + queue.depth
        except (TimeoutError, StoreUnavailable):
            return {}
        return found

    async def readiness(self) -> Readiness:
        problems, warnings = {}, {}
        if self.draining:
            problems["brain"] = "is stopping"
        if not await self._database_answers():
            problems["database"] = "does not answer"
        if self._ingest.stalled_seconds > STUCK_SECONDS:
            problems["backlog"] = "cannot be committed"
        if self._deaf_seconds() > DEAF_SECONDS:
            warnings["listener"] = "does not hear other replicas; they are asked once a second"
        if self._retention.lag_seconds > LATE_SECONDS:
            days = int(self._retention.lag_seconds // DAY_SECONDS)
            warnings["retention"] = f"is {days} days behind; see: taskdeck check"
        return Readiness(problems, warnings)

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                await self._directory.projects()
        except (TimeoutError, StoreUnavailable):
            return False
        return True

    def _deaf_seconds(self) -> float:
        if self._bus.hears or self._heard_at is None:
            return 0.0
        return max(0, self._clock.now() - self._heard_at) / SECOND
