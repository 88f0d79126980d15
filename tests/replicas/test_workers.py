"""Several replicas of one machine on one port, and the supervisor that looks after them."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import aiohttp
import psutil
import pytest

from ..brain_process import BrainProcess, brain_process
from ..integration.waiting import eventually
from .conftest import Installation

pytestmark = pytest.mark.timeout(240)
START_SECONDS = 120
"""Each of several replicas imports everything anew."""


def replicas_of(brain: BrainProcess) -> list[psutil.Process]:
    """The processes that the supervisor started to serve."""
    if brain.process is None:
        return []
    children = psutil.Process(brain.process.pid).children()
    return [each for each in children if any("spawn_main" in word for word in command_of(each))]


def command_of(process: psutil.Process) -> list[str]:
    """Nothing of one that has ended."""
    try:
        command: list[str] = process.cmdline()
    except psutil.NoSuchProcess:
        return []
    return command


async def count(installation: Installation) -> int:
    ((alive,),) = await installation.fetch("SELECT count(*) FROM replicas")
    return int(alive)


async def started(installation: Installation, number: int) -> BrainProcess:
    brain = await installation.start("a", warm=False, Z4J_WORKERS=str(number))

    async def all_there() -> bool:
        return await count(installation) == number

    await eventually(all_there, seconds=START_SECONDS)
    return brain


async def test_they_share_the_port_and_a_dead_one_is_started_again(
    installation: Installation,
) -> None:
    brain = await started(installation, 3)
    async with installation.agent("w1", "a") as agent:
        before = {each.pid for each in replicas_of(brain)}
        victim = min(before)
        os.kill(victim, signal.SIGKILL)

        async def back() -> bool:
            now = {each.pid for each in replicas_of(brain)}
            return len(now) == 3 and victim not in now

        await eventually(back, seconds=START_SECONDS)
        await agent.progress(20)
    assert await brain.stop() == 0


async def test_they_end_with_their_supervisor(installation: Installation) -> None:
    brain = await started(installation, 2)
    replicas = replicas_of(brain)
    await brain.kill()

    async def ended() -> bool:
        return not any(command_of(each) for each in replicas)

    await eventually(ended)
    with pytest.raises(aiohttp.ClientError):
        await brain.call("GET", "/health")


async def test_sqlite_has_one(tmp_path: Path) -> None:
    async with brain_process(tmp_path / "home", warm=False, Z4J_WORKERS="3") as brain:
        assert (await brain.call("GET", "/ready"))["status"] == "ok"
        assert replicas_of(brain) == []
        assert "SQLite has one brain" in brain.log.read_text()
