"""A bulk operation outlives the replica that works on it."""

from __future__ import annotations

import pytest

from taskdeck.adapters.system.clock import SystemClock

from ..agent_client import wire_event
from ..integration.waiting import eventually
from .conftest import Installation

pytestmark = pytest.mark.timeout(180)
TASKS = 60


async def test_after_kill_9_another_replica_goes_on_and_repeats_nothing(
    installation: Installation,
) -> None:
    dies, lives = await installation.start("a"), await installation.start("b")
    assert installation.credentials is not None
    async with dies.connect(installation.credentials) as client:
        await client.greet("reporter")
        now = SystemClock().now()
        await client.send_events(
            *(
                wire_event("task.failed", f"t{number}", at=now, exception="ValueError")
                for number in range(TASKS)
            )
        )
        await client.ack()
    async with installation.agent("w1", "b") as agent:
        body = {"action": "retry_task", "query": "state:failed", "rate_per_second": 10}
        bulk = await dies.call("POST", "bulk", json=body)
        assert bulk["total"] == TASKS
        path = f"bulk/{bulk['id']}"
        await agent.until(lambda: len(agent.commands) >= 10)
        await dies.kill()

        async def finished() -> bool:
            return bool((await lives.call("GET", path))["status"] == "finished")

        await eventually(finished, seconds=90)
        ended = await lives.call("GET", path)
        assert (ended["done"], ended["succeeded"]) == (TASKS, TASKS)
        assert len(agent.commands) == len(set(agent.commands)) == TASKS
        rows = await installation.fetch("SELECT task_id, count(*) FROM commands GROUP BY task_id")
        assert dict(rows) == {f"t{number}": 1 for number in range(TASKS)}


async def test_one_replica_pauses_resumes_and_cancels_what_another_works_on(
    installation: Installation,
) -> None:
    here, there = await installation.start("a"), await installation.start("b")
    assert installation.credentials is not None
    async with installation.agent("w1", "a") as agent:
        await agent.progress(20)
        await agent.finish()
        body = {"action": "reconcile_task", "query": "state:succeeded", "rate_per_second": 2}
        path = f"bulk/{(await here.call('POST', 'bulk', json=body))['id']}"
        await agent.until(lambda: len(agent.commands) >= 2)
        await there.call("POST", f"{path}/pause")
        await there.call("POST", f"{path}/resume")
        await agent.until(lambda: len(agent.commands) >= 5)
        assert (await there.call("POST", f"{path}/cancel"))["status"] == "cancelled"
    kinds = [
        kind.removeprefix("bulk.")
        for (kind,) in await installation.fetch(
            "SELECT kind FROM journal WHERE stream LIKE 'bulk:%' ORDER BY version"
        )
    ]
    assert kinds[kinds.index("paused") + 1] == "resumed"
    assert kinds[-1] == "cancelled"
