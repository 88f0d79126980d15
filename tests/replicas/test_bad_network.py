"""The network between replicas and their database cuts and stalls, at random, under load."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest

from ..resending_agent import ResendingAgent
from ..tcp_proxy import TcpProxy, tcp_proxy
from .conftest import Installation
from .test_crossing import ended, order
from .test_outages import check_nothing_lost, load, patiently

pytestmark = pytest.mark.timeout(240)
MOST_CUTS = 25


@pytest.fixture
async def behind(
    brains_postgres_url: str, tmp_path: Path
) -> AsyncIterator[tuple[Installation, TcpProxy]]:
    """An installation whose replicas reach the database through a proxy."""
    async with tcp_proxy(brains_postgres_url) as (proxy, url), AsyncExitStack() as stack:
        installation = Installation(url, tmp_path, stack, look_url=brains_postgres_url)
        for name in ("a", "b"):
            await installation.start(name)
        yield installation, proxy


async def still(agents: Sequence[ResendingAgent]) -> list[int]:
    """How much is acknowledged, once what was on its way has arrived."""
    before: list[int] = []
    while before != (now := [len(agent.acked) for agent in agents]):
        before = now
        await asyncio.sleep(1)
    return now


@pytest.mark.parametrize("seed", range(3))
async def test_cuts_at_any_moment_lose_and_double_nothing(
    behind: tuple[Installation, TcpProxy], seed: int
) -> None:
    installation, proxy = behind
    random, cut = Random(seed), 0
    async with load(installation, "a", "b") as agents:
        for _ in range(12):
            await asyncio.sleep(random.uniform(0.01, 0.3))
            cut += proxy.cut()
        assert cut
        for agent in agents:
            await agent.progress(20)
        await check_nothing_lost(installation, *agents)


async def test_a_stalled_network_holds_everything_up_and_lets_it_go_on(
    behind: tuple[Installation, TcpProxy],
) -> None:
    installation, proxy = behind
    async with load(installation, "a", "b") as agents:
        proxy.stall()
        async with asyncio.timeout(60):
            held = await still(agents)
        await asyncio.sleep(3)
        assert [len(agent.acked) for agent in agents] == held
        proxy.flow()
        for agent in agents:
            await agent.progress(50)
        await check_nothing_lost(installation, *agents)


@pytest.mark.parametrize("seed", range(2))
async def test_a_command_is_sent_once_however_often_its_replicas_lose_the_database(
    behind: tuple[Installation, TcpProxy], seed: int
) -> None:
    installation, proxy = behind
    brains, random = list(installation.brains.values()), Random(seed)

    async def cutting() -> None:
        # Not for ever: a slow machine connects no quicker than it is cut off.
        for _ in range(MOST_CUTS):
            await asyncio.sleep(random.uniform(0.4, 1.2))
            proxy.cut()

    async def submit(number: int) -> str:
        return await patiently(
            order, brains[number % 2], None, action="submit_task",
            parameters={"name": "shop.pay"}, idempotency_key=f"k{number}", timeout_seconds=15,
        )  # fmt: skip

    async with installation.agent("w1", "a") as one, installation.agent("w2", "b") as two:
        trouble = asyncio.create_task(cutting())
        ids = [await submit(number) for number in range(10)]
        trouble.cancel()
        ends = {(await patiently(ended, brains[0], command_id))["status"] for command_id in ids}
        assert len(set(ids)) == 10
        # Unknown or timed out if a session was lost on the way, but never sent twice.
        assert ends <= {"succeeded", "unknown", "timed_out"}
        sent = one.commands + two.commands
        assert len(sent) == len(set(sent))
