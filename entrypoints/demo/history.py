"""The hour before the demo began, so that its charts have something to show."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Iterator
from itertools import chain
from typing import Any

from .agent import DemoAgent, now_us
from .work import JOBS, RETRY_SECONDS, Job, arguments_of, described, failure, outcome, reason

SECOND_US = 1_000_000
MINUTE, HOUR = 60, 3_600
TASKS_PER_SECOND = 2.0
"""About what the fleet does."""
INCIDENT = (1_700, 1_300)
"""Seconds ago: the bank declines most cards, and everything waits longer."""
EVENTS_A_FRAME = 100
PAUSE_SECONDS = 0.01
"""Between two frames: what happens now goes first."""

Event = tuple[str, str, dict[str, Any], int]


async def tell_history(agent: DemoAgent) -> None:
    """Report the last hour as one worker that was away might."""
    told: list[Event] = []
    now = now_us()
    for event in chain(_depths(now), _hour(agent.name, now)):
        told.append(event)
        if len(told) == EVENTS_A_FRAME:
            await agent.report_all(told)
            told = []
            await asyncio.sleep(PAUSE_SECONDS)
    await agent.report_all(told)


def _depths(now: int) -> Iterator[Event]:
    """What waited in each queue, minute by minute."""
    for queue, most in (("mail", 9), ("payments", 6), ("reports", 3)):
        for ago in range(HOUR, MINUTE - 1, -MINUTE):
            bad = queue == "payments" and INCIDENT[1] < ago < INCIDENT[0]
            depth = random.randint(0, most) + (random.randint(20, 60) if bad else 0)  # noqa: S311
            measured = {"queue": queue, "depth": depth}
            yield "queue.depth_report", "", measured, now - ago * SECOND_US


def _hour(worker: str, now: int) -> Iterator[Event]:
    ago = float(HOUR)
    order = 0
    while True:
        ago -= random.expovariate(TASKS_PER_SECOND)
        order += 1
        bad = INCIDENT[1] < ago < INCIDENT[0]
        # One in ten is a report, as in the fleet.
        job = JOBS[-1] if random.random() < 0.1 else random.choice(JOBS[:-1])  # noqa: S311
        wait = random.expovariate(4) * (7 if bad else 1)
        ran = job.seconds * random.lognormvariate(0, 0.4)
        if ago < 2 * (wait + ran) + RETRY_SECONDS + 1:
            return
        yield from _task(job, worker, order, now - int(ago * SECOND_US), wait, ran, bad=bad)


def _task(
    job: Job, worker: str, order: int, received: int, wait: float, ran: float, *, bad: bool
) -> Iterator[Event]:
    task_id, about = str(uuid.uuid4()), described(job, worker)
    whole = {**about, **arguments_of(order)}
    retried = random.random() < job.retries  # noqa: S311
    while True:
        started = received + int(wait * SECOND_US)
        ended = started + int(ran * SECOND_US)
        yield "task.received", task_id, whole, received
        yield "task.started", task_id, whole, started
        if not retried:
            break
        yield "task.retried", task_id, {**about, **reason(job)}, ended
        received, retried = ended + int(RETRY_SECONDS * SECOND_US), False
    fails = 0.6 if bad and job.name == "shop.charge_card" else job.fails
    if random.random() < fails:  # noqa: S311
        yield "task.failed", task_id, {**about, **failure(job)}, ended
    else:
        yield "task.succeeded", task_id, {**about, **outcome(order)}, ended
