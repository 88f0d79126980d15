"""Real agents whose brain was away: what they buffered arrives, once."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from ..brain_process import BrainProcess, brain_process
from .test_huey import CONSUMER
from .waiting import eventually
from .worker_process import agent_environment, process

pytestmark = pytest.mark.timeout(120)


async def run_tasks(count: int, environment: Mapping[str, str]) -> list[str]:
    """Send tasks and wait until they have run; returns their ids."""
    sending = f"import huey_app as a, json; sent = [a.add(n, 1) for n in range({count})]"
    waiting = "[each(blocking=True, timeout=60) for each in sent]"
    script = f"{sending}; {waiting}; print(json.dumps([each.id for each in sent]))"
    sender = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script,
        env={**environment, "Z4J_DISABLED": "1"}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await sender.communicate()
    ids: list[str] = json.loads(output)
    return ids


async def succeeded(brain: BrainProcess, task_ids: list[str]) -> bool:
    tasks = {task["task_id"]: task for task in await brain.all_of("tasks")}
    return all(tasks.get(each, {}).get("state") == "succeeded" for each in task_ids)


async def test_a_buffer_is_replayed_when_the_brain_is_back(tmp_path: Path) -> None:
    async with brain_process(tmp_path / "home") as brain:
        minted = await brain.mint()
        environment = agent_environment(brain.url, minted.token, minted.hmac_secret, tmp_path)
        log = tmp_path / "worker.log"
        async with process(*CONSUMER, environment=environment, log=log):
            before = await run_tasks(1, environment)
            await eventually(lambda: succeeded(brain, before), seconds=60)
            await brain.kill()
            during = await run_tasks(20, environment)
            await brain.start()
            await eventually(lambda: succeeded(brain, during), seconds=90)

        tasks = await brain.all_of("tasks")
        assert sorted(task["task_id"] for task in tasks) == sorted(before + during)
        assert {task["attempts"] for task in tasks} == {1}
        events = await brain.all_of("events")
        assert len({event["id"] for event in events}) == len(events) == 2 * 21  # started, succeeded
