"""Replicas, connections and the database die under load: nothing acknowledged is lost, nothing is
stored twice, and every command ends as it should (agent-protocol.md §8.1)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest

from ..integration.waiting import eventually
from ..postgres_server import own_server
from ..resending_agent import ResendingAgent
from .conftest import Installation
from .test_crossing import IN, ended, order

pytestmark = pytest.mark.timeout(240)
T = TypeVar("T")
OUTAGE_SECONDS = 20
TERMINATE = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE application_name LIKE 'taskdeck%' AND pid <> pg_backend_pid() AND datname = current_database()"
)
LISTENING = f"{TERMINATE} AND application_name LIKE '%listener'"
STORING = f"{TERMINATE} AND application_name LIKE '%ingest' AND state <> 'idle'"


async def patiently(call: Callable[..., Awaitable[T]], *arguments: Any, **named: Any) -> T:
    """Try again while the brain says that its database does not answer."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await call(*arguments, **named)
            except aiohttp.ClientResponseError as error:
                if error.status != 503:
                    raise
                await asyncio.sleep(0.2)


async def check_nothing_lost(installation: Installation, *agents: ResendingAgent) -> None:
    """Everything that was acknowledged is stored, and stored once."""
    for agent in agents:
        await agent.finish()
    acked = sum(len(agent.acked) for agent in agents)
    assert await installation.stored() == (3 * acked, 3 * acked)
    states = await installation.fetch("SELECT state, count(*) FROM tasks GROUP BY state")
    assert states == [("succeeded", acked)]


@asynccontextmanager
async def load(installation: Installation, *places: str) -> AsyncIterator[list[ResendingAgent]]:
    """Agents that send all the time, two for each replica, ready to go to any other."""
    async with AsyncExitStack() as stack:
        agents = []
        for turn, first in enumerate(places):
            order_of_places = (first, *places[turn + 1 :], *places[:turn])
            for number in range(2):
                running = installation.agent(f"{first}-{number}", *order_of_places)
                agents.append(await stack.enter_async_context(running))
        for agent in agents:
            await agent.progress(20)
        yield agents


async def test_agents_are_driven_from_replica_to_replica(installation: Installation) -> None:
    for name in ("a", "b", "c"):
        await installation.start(name)
    async with load(installation, "a", "b", "c") as agents:
        for turn in range(4):
            for agent in agents[turn % 2 :: 2]:
                await agent.drop()
            for agent in agents:
                await agent.progress(5)
        assert max(agent.connects for agent in agents) > 2
        await check_nothing_lost(installation, *agents)


async def test_a_replica_is_killed_under_load(installation: Installation) -> None:
    await installation.start("a")
    victim = await installation.start("b")
    async with load(installation, "a", "b") as agents:
        await victim.kill()
        for agent in agents:
            await agent.progress(20)
        await check_nothing_lost(installation, *agents)


async def test_a_killed_replica_does_not_look_alive_for_long(installation: Installation) -> None:
    survivor = await installation.start("a")
    victim = await installation.start("b")
    async with installation.agent("w1", "b"):

        async def online(expected: bool) -> bool:
            workers = (await survivor.call("GET", f"{IN}/workers"))["workers"]
            return [worker["online"] for worker in workers] == [expected]

        await eventually(lambda: online(True))
        await victim.kill()
        await eventually(lambda: online(False))
    assert len(await installation.fetch("SELECT id FROM replicas")) == 1


async def test_commands_of_a_killed_replica_end_as_they_should(installation: Installation) -> None:
    survivor = await installation.start("a")
    victim = await installation.start("b")
    async with installation.agent("w1", "b", "a") as agent:
        agent.answers = False
        once = await order(victim, action="submit_task", task_id=None, timeout_seconds=60,
                           parameters={"name": "shop.pay"})  # fmt: skip
        again = await order(victim, "t2", timeout_seconds=60)
        waiting = await order(victim, "t3", worker_id="nobody", timeout_seconds=10)
        await agent.until(lambda: len(agent.commands) == 2)
        agent.answers = True
        await victim.kill()
        # What may be repeated comes again, over the other replica; what may not be does not.
        done = await ended(survivor, again)
        assert (done["status"], done["attempts"]) == ("succeeded", 2)
        unknown = await ended(survivor, once)
        assert (unknown["status"], unknown["attempts"]) == ("unknown", 1)
        nobody = await ended(survivor, waiting)
        assert nobody["status"] == "timed_out"
        assert sorted(agent.commands) == sorted([once, again, again])


@pytest.mark.parametrize(
    "statement", [LISTENING, STORING, TERMINATE], ids=["listening", "storing", "all"]
)
async def test_connections_to_the_database_are_cut_under_load(
    installation: Installation, statement: str
) -> None:
    here, there = await installation.start("a"), await installation.start("b")
    async with load(installation, "a", "b") as agents:
        cut = 0
        async with asyncio.timeout(60):
            while cut < 4:
                ((count,),) = await installation.fetch(statement)
                cut += count
                await asyncio.sleep(0.02)
        for agent in agents:
            await agent.progress(20)
        for number, brain in enumerate((here, there)):
            command_id = await patiently(order, brain, f"t{number}")
            assert (await patiently(ended, there, command_id))["status"] == "succeeded"
        await check_nothing_lost(installation, *agents)


async def test_the_database_is_away_for_a_while(tmp_path: Path) -> None:
    # What is acknowledged must outlive the stop.
    with own_server(synchronous_commit="on") as server:
        name = server.create()
        async with AsyncExitStack() as stack:
            installation = Installation(server.url_of(name), tmp_path, stack)
            brains = [await installation.start(name) for name in ("a", "b")]
            async with load(installation, "a", "b") as agents:
                server.stop()
                stopped_at = time.monotonic()
                before = [brain.rss_kib() for brain in brains]
                acked = [len(agent.acked) for agent in agents]
                while time.monotonic() - stopped_at < OUTAGE_SECONDS:
                    await asyncio.sleep(0.5)
                # A commit whose answer was on its way when the server stopped may still be told of.
                assert all(
                    len(agent.acked) - seen <= 64 for agent, seen in zip(agents, acked, strict=True)
                )
                after = [brain.rss_kib() for brain in brains]
                assert all(b - a < 64 * 1024 for a, b in zip(before, after, strict=True))
                server.start()
                for agent in agents:
                    await agent.progress(100)
                command_id = await patiently(order, brains[0], "t1")
                assert (await patiently(ended, brains[1], command_id))["status"] == "succeeded"
                await check_nothing_lost(installation, *agents)


@pytest.mark.parametrize("ahead", [30, -30])
async def test_the_clock_of_one_replica_is_wrong(installation: Installation, ahead: int) -> None:
    right, wrong = await installation.start("a"), await installation.start("b", clock_ahead=ahead)
    async with load(installation, "a", "b") as agents:
        command_ids = [
            await order(right, "t1", timeout_seconds=20),
            await order(wrong, "t2", timeout_seconds=20),
        ]
        for command_id in command_ids:
            assert (await ended(wrong, command_id))["status"] == "succeeded"
        waiting = [
            await order(brain, "t3", worker_id="nobody", timeout_seconds=3)
            for brain in (right, wrong)
        ]
        for command_id in waiting:
            assert (await ended(right, command_id))["status"] == "timed_out"
        await check_nothing_lost(installation, *agents)
