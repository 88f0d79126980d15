"""Ports whose faults a test switches on and off itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from taskdeck.adapters.memory.event_store import MemoryEventStore
from taskdeck.adapters.memory.journal import MemoryJournal
from taskdeck.adapters.memory.state import MemoryState
from taskdeck.domain.batching import Batch
from taskdeck.domain.errors import StoreRejected, StoreUnavailable
from taskdeck.domain.events import Event
from taskdeck.domain.ids import EventId, ProjectId, SessionId, WorkerSlot
from taskdeck.domain.journal import Recorded, Write
from taskdeck.domain.replicas import Replica
from taskdeck.domain.sessions import LiveSession
from taskdeck.ports.event_store import Appended
from taskdeck.ports.registry import Registry

from .gate import Gate


class FaultyStore(MemoryEventStore):
    """Remembers its transactions; is unavailable, or refuses, as it is told."""

    def __init__(self, state: MemoryState) -> None:
        super().__init__(state)
        self.gate = Gate()
        self.unavailable = False
        self.refused_events: set[EventId] = set()
        self.refused_workers: set[WorkerSlot] = set()
        self.failing: Callable[[Event], bool] = lambda _: False
        """Which events meet a fault that nobody foresaw."""
        self.batches: list[Batch] = []

    async def append(self, batch: Batch) -> Appended:
        await self.gate.passed()
        if self.unavailable:
            raise StoreUnavailable
        if any(event.id in self.refused_events for event in batch.events):
            raise StoreRejected("no such character")
        if any(report.slot in self.refused_workers for report in batch.reports):
            raise StoreRejected("no such number")
        if any(self.failing(event) for event in batch.events):
            raise KeyError("hunter2")
        self.batches.append(batch)
        return await super().append(batch)


class FaultyJournal(MemoryJournal):
    """Remembers its transactions; is unavailable as it is told. The gates are for commands only."""

    def __init__(self, state: MemoryState) -> None:
        super().__init__(state)
        self.gate = Gate()
        self.answers = Gate()
        """Holds up the answer to what is already durable."""
        self.unavailable = False
        self.broken: set[str] = set()
        """Streams that cannot be read, for a reason that nobody foresaw."""
        self.writes: list[tuple[Write, ...]] = []

    async def append(self, *writes: Write) -> tuple[Recorded, ...]:
        of_commands = any(write.stream.startswith("command:") for write in writes)
        if of_commands:
            await self.gate.passed()
        if self.unavailable:
            raise StoreUnavailable
        recorded = await super().append(*writes)
        self.writes.append(writes)
        if of_commands:
            await self.answers.passed()
        return recorded

    async def read(
        self, stream: str, *, after: int = 0, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        if stream in self.broken:
            raise RuntimeError(stream)
        return await super().read(stream, after=after, limit=limit)

    async def follow(self, after: str | None, *, limit: int = 1_000) -> tuple[Recorded, ...]:
        if self.unavailable:
            raise StoreUnavailable
        return await super().follow(after, limit=limit)


class SlowRegistry:
    """Satisfies `Registry`: another one, as far away as a test wants it."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self.registering = Gate()
        self.unregistering = Gate()
        self.alive = True
        self.unavailable = False
        self.gone: list[LiveSession] = []
        """Sessions of replicas that are not heard of any more."""

    async def register(self, session: LiveSession) -> None:
        await self.registering.passed()
        await self._registry.register(session)

    async def unregister(self, session_id: SessionId) -> None:
        await self.unregistering.passed()
        if self.unavailable:
            raise StoreUnavailable
        await self._registry.unregister(session_id)
        self.gone = [live for live in self.gone if live.session_id != session_id]

    async def sessions(self, project_id: ProjectId) -> Sequence[LiveSession]:
        return await self._registry.sessions(project_id)

    async def beat(self) -> bool:
        return await self._registry.beat() and self.alive

    async def leave(self) -> None:
        await self._registry.leave()

    async def replicas(self) -> Sequence[Replica]:
        return await self._registry.replicas()

    async def orphans(self) -> Sequence[LiveSession]:
        return (*self.gone, *await self._registry.orphans())
