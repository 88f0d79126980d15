"""What is done at one replica shows at the others."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from ..brain_process import BrainProcess
from ..integration.waiting import eventually
from .conftest import Installation

pytestmark = pytest.mark.timeout(240)
IN = "/projects/default"


async def order(brain: BrainProcess, task_id: str | None = "t1", **fields: Any) -> str:
    body = {"action": "cancel_task", "engine": "celery", "task_id": task_id, **fields}
    command_id: str = (await brain.call("POST", f"{IN}/commands", json=body))["id"]
    return command_id


async def ended(brain: BrainProcess, command_id: str, *, seconds: float = 60) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        command: dict[str, Any] = await brain.call("GET", f"{IN}/commands/{command_id}")
        return command if command["final"] else None

    return await eventually(look, seconds=seconds)


async def test_a_command_crosses_to_the_replica_that_holds_the_worker(
    installation: Installation,
) -> None:
    here, there = await installation.start("a"), await installation.start("b")
    async with installation.agent("w1", "b") as agent:
        command_id = await order(here)
        command = await ended(here, command_id)
        assert (command["status"], command["result"]) == ("succeeded", {"done": True})
        assert agent.commands == [command_id]
        assert await ended(there, command_id) == command


async def test_each_of_many_commands_from_everywhere_comes_once(installation: Installation) -> None:
    brains = [await installation.start(name) for name in ("a", "b", "c")]
    async with (
        installation.agent("w1", "a") as one,
        installation.agent("w2", "b") as two,
    ):
        ids = await asyncio.gather(
            *(order(brains[number % 3], f"t{number}") for number in range(60))
        )
        commands = [await ended(brains[0], command_id) for command_id in ids]
        assert {command["status"] for command in commands} == {"succeeded"}
        assert sorted(one.commands + two.commands) == sorted(ids)


async def test_one_key_gives_one_command_wherever_it_is_used(installation: Installation) -> None:
    brains = [await installation.start(name) for name in ("a", "b")]
    async with installation.agent("w1", "a") as agent:
        ids = await asyncio.gather(
            *(order(brains[number % 2], idempotency_key="once") for number in range(10))
        )
        assert len(set(ids)) == 1
        await ended(brains[0], ids[0])
        assert agent.commands == ids[:1]


async def test_events_and_workers_show_everywhere(installation: Installation) -> None:
    here, there = await installation.start("a"), await installation.start("b")
    async with installation.agent("w1", "a") as agent:
        await agent.until(lambda: len(agent.acked) >= 20)
        await agent.finish()
        (worker,) = (await there.call("GET", f"{IN}/workers"))["workers"]
        assert (worker["worker_id"], worker["online"]) == ("w1", True)
        for task_id in agent.acked[:20]:
            task = await there.call("GET", f"{IN}/tasks/celery/{task_id}")
            assert task["state"] == "succeeded"
    assert (await here.call("GET", f"{IN}/tasks?limit=1"))["tasks"]


async def test_a_worker_that_comes_back_elsewhere_replaces_its_session(
    installation: Installation,
) -> None:
    await installation.start("a")
    there = await installation.start("b")
    async with installation.agent("w1", "a") as before, installation.agent("w1", "b") as after:
        await before.until(lambda: before.client is None or before.connects > 1)
        # Both fight for the slot for as long as both are there; one of them leaves.
        assert after.connects >= 1
    async with installation.agent("w1", "b"):

        async def alone() -> bool:
            workers = (await there.call("GET", f"{IN}/workers"))["workers"]
            return [worker["online"] for worker in workers] == [True]

        await eventually(alone)


async def test_revoking_at_one_replica_closes_the_sockets_at_the_others(
    installation: Installation,
) -> None:
    here = await installation.start("a")
    await installation.start("b")
    async with installation.agent("w1", "b") as agent:
        (listed,) = (await here.call("GET", f"{IN}/agents"))["agents"]
        await here.call("DELETE", f"{IN}/agents/{listed['id']}")
        await agent.until(lambda: agent.client is None)


async def test_a_dashboard_shows_what_another_replica_stored(installation: Installation) -> None:
    await installation.start("a")
    there = await installation.start("b")
    headers = {"Authorization": f"Bearer {there.api_key}"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        installation.agent("w1", "a") as agent,
    ):
        async with http.ws_connect(f"{there.url}/ws/dashboard") as socket:
            await socket.send_json({"subscribe": {"project": "default"}})
            shown: set[str] = set()
            async with asyncio.timeout(60):
                while len(shown & set(agent.acked)) < 10:
                    message = json.loads(await socket.receive_str())
                    tasks = message["topics"].get("tasks", {}).get("tasks", [])
                    shown.update(task["task_id"] for task in tasks)
