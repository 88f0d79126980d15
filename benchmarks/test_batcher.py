"""The price of group commit itself: from a session's delivery to its signed acknowledgement.

    pytest benchmarks/test_batcher.py --benchmark-only

The store takes everything at once and keeps nothing. A round is `FRAMES` one-event frames; divide
its time by them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from pytest_benchmark.fixture import BenchmarkFixture

from taskdeck.adapters.local.bus import LocalBus
from taskdeck.adapters.memory.connection import RecordedConnection
from taskdeck.adapters.memory.event_store import MemoryEventStore
from taskdeck.adapters.memory.notices import RecordedNotices
from taskdeck.adapters.memory.state import MemoryState
from taskdeck.adapters.prometheus.metrics import PrometheusMetrics
from taskdeck.adapters.system.clock import SystemClock
from taskdeck.domain.batching import Batch, BatchLimits
from taskdeck.domain.effects import Append
from taskdeck.domain.services.ingest import Delivery, Ingest
from taskdeck.ports.event_store import Appended

from .door import open_door
from .histories import events

FRAMES = 5_000


class Abyss(MemoryEventStore):
    """Takes everything, keeps nothing."""

    async def append(self, batch: Batch) -> Appended:
        return Appended(len(batch.events), 0)


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[Ingest]:
    ingest = Ingest(
        store=Abyss(MemoryState()),
        bus=LocalBus(),
        clock=SystemClock(),
        notices=RecordedNotices(),
        metrics=PrometheusMetrics(version="0", most_names=100),
        limits=BatchLimits(age=0),
    )
    loop = asyncio.create_task(ingest.run())
    try:
        yield ingest
    finally:
        loop.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await loop


def test_submit_commit_acknowledge(benchmark: BenchmarkFixture) -> None:
    session = open_door().open()
    appends = [Append(f"ev_{event.id.hex()}", (event,), (), 1) for event in events(FRAMES)]

    async def deliver() -> int:
        connection = RecordedConnection()
        async with running() as ingest:
            for append in appends:
                ingest.submit(Delivery(append, session, connection))
            await ingest.drain()
        return len(connection.sent)

    assert benchmark(lambda: asyncio.run(deliver())) == FRAMES
