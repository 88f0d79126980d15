"""A database that is locked or full: nothing is acknowledged that is not stored, and all recovers."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from taskdeck.adapters.sqlite import database

from ..agent_client import wire_event
from ..brain_process import BrainProcess, brain_process
from .brain import running_brain
from .test_brain_process import agents, ids, progress
from .waiting import eventually

pytestmark = pytest.mark.timeout(120)


async def test_a_database_that_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    caplog.set_level("INFO", "taskdeck")

    async def told(code: str) -> bool:
        return any(getattr(record, "notice", ("",))[0] == code for record in caplog.records)

    async with running_brain(tmp_path) as brain, brain.agent() as agent:
        path = tmp_path / "taskdeck.db"
        with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
            # In a thread: whoever holds the lock now lets go of it only if the brain goes on.
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
            await agent.send_events(wire_event("task.started", at=brain.now()))
            ack = asyncio.create_task(agent.ack())
            await eventually(lambda: told("store.unavailable"))
            assert not ack.done()
            assert await brain.container.event_store().count() == 0
            other.execute("ROLLBACK")
        assert (await ack)["accepted"] == 1
        await eventually(lambda: told("store.recovered"))
        assert await brain.container.event_store().count() == 1


@contextmanager
def full_disk(brain: BrainProcess) -> Iterator[None]:
    """No file of the brain may become larger than its log of pages is now."""
    assert brain.process is not None
    size = (brain.home / "taskdeck.db-wal").stat().st_size
    _, most = resource.prlimit(brain.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(brain.process.pid, resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.prlimit(brain.process.pid, resource.RLIMIT_FSIZE, (most, most))


async def test_a_disk_that_is_full(tmp_path: Path) -> None:
    async with brain_process(tmp_path / "home") as brain:
        senders = agents(brain, await brain.mint(), count=2, tasks=1_000)
        sent = [event for each in senders for events in each.waiting.values() for event in events]

        async def logged(code: str) -> bool:
            return code in brain.log.read_text()

        async with asyncio.TaskGroup() as group:
            for each in senders:
                group.create_task(each.deliver())
            await progress(senders, 100)
            with full_disk(brain):
                await eventually(lambda: logged("store.unavailable"), seconds=60)
                acked = [event for each in senders for event in each.acked]
                assert len(acked) < len(sent)
                assert set(ids(acked)) <= set(ids(await brain.all_of("events")))

        assert await logged("store.recovered")
        assert ids(await brain.all_of("events")) == ids(sent)
