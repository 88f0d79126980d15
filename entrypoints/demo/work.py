"""What the simulated workers do: shops' tasks with their moods."""

from __future__ import annotations

import asyncio
import random
import uuid
from dataclasses import dataclass
from typing import Any

from .agent import DemoAgent


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of task: how long it runs (seconds), how often it fails or is retried (shares)."""

    name: str
    queue: str
    seconds: float
    fails: float = 0.0
    retries: float = 0.0
    exception: str = "RuntimeError"
    message: str = "something broke"


JOBS = (
    Job("shop.confirm_order", "mail", 0.1),
    Job("shop.send_invoice", "mail", 0.3, 0.02, 0.05, "ConnectionError", "mail server refused"),
    Job("shop.charge_card", "payments", 0.4, 0.08, 0.0, "CardDeclined", "insufficient funds"),
    Job("shop.resize_image", "media", 0.8, 0.01, 0.0, "MemoryError", "image too large"),
    Job("shop.build_report", "reports", 4.0, 0.05, 0.0, "TimeoutError", "warehouse did not answer"),
)


RETRY_SECONDS = 2.5


async def run_task(agent: DemoAgent, job: Job, order: int) -> str:
    """One task from receipt to its end; returns its id."""
    task_id = str(uuid.uuid4())
    about = described(job, agent.name)
    whole = {**about, **arguments_of(order)}
    while True:
        await agent.report("task.received", task_id, whole)
        await asyncio.sleep(random.expovariate(4))
        await agent.report("task.started", task_id, whole)
        await asyncio.sleep(job.seconds * random.lognormvariate(0, 0.4))
        luck = random.random()  # noqa: S311
        if luck >= job.retries:
            break
        await agent.report("task.retried", task_id, {**about, **reason(job)})
        await asyncio.sleep(RETRY_SECONDS)
    if luck < job.retries + job.fails:
        await agent.report("task.failed", task_id, {**about, **failure(job)})
    else:
        await agent.report("task.succeeded", task_id, {**about, **outcome(order)})
    return task_id


def described(job: Job, worker: str) -> dict[str, Any]:
    return {"task_name": job.name, "queue": job.queue, "worker": f"demo-{worker}"}


def arguments_of(order: int) -> dict[str, Any]:
    return {"args": [order], "kwargs": {"customer": f"customer{order % 97}@example.com"}}


def outcome(order: int) -> dict[str, Any]:
    return {"result": {"order": order, "ok": True}, "runtime_ms": None}


def reason(job: Job) -> dict[str, str]:
    return {"reason": f"{job.exception}('{job.message}')"}


def failure(job: Job) -> dict[str, str]:
    function = job.name.rpartition(".")[2]
    traceback = (
        "Traceback (most recent call last):\n"
        '  File "/srv/venv/lib/python3.13/site-packages/celery/app/trace.py", line 453, in trace_task\n'
        "    R = retval = fun(*args, **kwargs)\n"
        f'  File "/srv/shop/tasks.py", line 42, in {function}\n'
        f'    raise {job.exception}("{job.message}")\n'
        f"{job.exception}: {job.message}\n"
    )
    return {
        "exception": job.exception,
        "exception_message": job.message,
        "traceback": traceback,
    }
