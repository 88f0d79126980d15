"""The fleet: a handful of workers, each on a socket of its own."""

from __future__ import annotations

import asyncio
import base64
import random

import aiohttp

from ...domain.services.agents import MintedAgent
from ...domain.signing import Signer
from .agent import DemoAgent
from .history import tell_history
from .work import JOBS, Job, run_task

WORKERS = ("web-1", "worker-1", "worker-2", "worker-3", "reports-1")
HEARTBEAT_SECONDS = 5
AT_ONCE = 3
"""Tasks that one worker has in hand."""
IDLE_SECONDS = 5.0
"""Between two of them, on average."""


async def run_fleet(url: str, minted: MintedAgent) -> None:
    """Work until cancelled."""
    signer = Signer(base64.urlsafe_b64decode(minted.hmac_secret))
    headers = {"Authorization": f"Bearer {minted.token}"}
    async with aiohttp.ClientSession(headers=headers) as http, asyncio.TaskGroup() as group:
        for number, name in enumerate(WORKERS):
            jobs = JOBS[-1:] if name.startswith("reports") else JOBS[:-1]
            group.create_task(_run_worker(http, url, signer, name, jobs, first=number * 1_000))


async def _run_worker(
    http: aiohttp.ClientSession,
    url: str,
    signer: Signer,
    name: str,
    jobs: tuple[Job, ...],
    *,
    first: int,
) -> None:
    async with http.ws_connect(f"{url}/ws/agent") as socket:
        agent = DemoAgent(socket, signer, "celery", name)
        await agent.greet()
        async with asyncio.TaskGroup() as group:
            group.create_task(_beat(agent, slow=name.startswith("reports")))
            group.create_task(_obey(agent))
            if name == WORKERS[0]:
                group.create_task(tell_history(agent))
            for hand in range(AT_ONCE):
                group.create_task(_keep_working(agent, jobs, first + 100 * hand))


async def _keep_working(agent: DemoAgent, jobs: tuple[Job, ...], order: int) -> None:
    while True:
        order += 1
        await run_task(agent, random.choice(jobs), order)  # noqa: S311
        await asyncio.sleep(random.expovariate(1 / IDLE_SECONDS))


async def _beat(agent: DemoAgent, *, slow: bool) -> None:
    """The queue of reports grows: one worker is not enough for it."""
    waiting = 3
    while True:
        if slow:
            waiting += random.randint(0, 4)  # noqa: S311
            await agent.heartbeat({"reports": waiting})
        else:
            await agent.heartbeat({queue: random.randint(0, 9) for queue in ("mail", "payments")})  # noqa: S311
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def _obey(agent: DemoAgent) -> None:
    """Carry out commands: a retry or a submission runs a task, the rest just succeeds."""
    async with asyncio.TaskGroup() as group:
        while (command := await agent.next_command()) is not None:
            group.create_task(_carry_out(agent, command))
        raise ConnectionError("the brain closed the connection")


async def _carry_out(agent: DemoAgent, command: dict[str, dict[str, dict[str, str]]]) -> None:
    order = command["payload"]
    if str(order["action"]) in ("retry_task", "submit_task"):
        job = next(
            (job for job in JOBS if job.name == order["parameters"].get("task_name")), JOBS[0]
        )
        await agent.answer(command, {"new_task_id": await run_task(agent, job, 1)})
    else:
        await agent.answer(command, {"done": True})
