"""Brains that are killed and stopped while agents send: nothing is lost, nothing doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from taskdeck.adapters.system.clock import SystemClock

from ..agent_client import wire_run
from ..brain_process import BrainProcess, Credentials, brain_process
from .patient_agent import Event, PatientAgent
from .waiting import eventually

pytestmark = pytest.mark.timeout(120)


def agents(
    brain: BrainProcess, credentials: Credentials, *, count: int, tasks: int
) -> list[PatientAgent]:
    """Each with so many tasks' lives to tell, one frame a task."""
    now = SystemClock().now()
    return [
        PatientAgent(
            brain,
            credentials,
            f"w{agent}",
            [wire_run(f"t{agent}-{n}", at=now) for n in range(tasks)],
        )
        for agent in range(count)
    ]


def ids(events: Sequence[Event]) -> list[str]:
    return sorted(str(event["id"]).replace("-", "") for event in events)


async def progress(senders: Sequence[PatientAgent], frames: int) -> None:
    async def enough() -> bool:
        return sum(len(each.acked) for each in senders) >= 3 * frames

    await eventually(enough, seconds=60)


async def test_killing_the_brain_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async with brain_process(tmp_path / "home", warm=False) as brain:
        senders = agents(brain, await brain.mint(), count=4, tasks=500)
        sent = [event for each in senders for events in each.waiting.values() for event in events]
        async with asyncio.TaskGroup() as group:
            for each in senders:
                group.create_task(each.deliver())
            for frames in (200, 700, 1_200):
                await progress(senders, frames)
                await brain.kill()
                await brain.start()

        assert all(each.ended for each in senders)
        assert ids(await brain.all_of("events")) == ids(sent)
        tasks = await brain.all_of("tasks")
        assert len({task["task_id"] for task in tasks}) == len(tasks) == 2_000
        assert {(task["state"], task["attempts"]) for task in tasks} == {("succeeded", 1)}


async def test_a_stop_under_load_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    async with brain_process(tmp_path / "home", warm=False) as brain:
        senders = agents(brain, await brain.mint(), count=4, tasks=5_000)
        async with asyncio.TaskGroup() as group:
            for each in senders:
                group.create_task(each.deliver(again=False))
            await progress(senders, 200)
            assert await brain.stop() == 0
            assert "did not take everything in time" not in brain.log.read_text()

        assert [each.ended for each in senders] == [[1001]] * 4
        acked = [event for each in senders for event in each.acked]
        await brain.start()
        stored = await brain.all_of("events")
        assert set(ids(acked)) <= set(ids(stored))
        assert len(set(ids(stored))) == len(stored)
