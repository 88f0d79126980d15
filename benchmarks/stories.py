"""What a busy project's tasks look like: few names make most of them, few fail, queues follow names."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from taskdeck.adapters.memory.event_store import MemoryEventStore
from taskdeck.adapters.memory.projection_store import MemoryProjectionStore
from taskdeck.adapters.memory.state import MemoryState
from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.batching import Batch
from taskdeck.domain.event_frames import parse_events
from taskdeck.domain.events import Event
from taskdeck.domain.ids import ProjectId
from taskdeck.domain.projections.histogram import add, bucket_of
from taskdeck.domain.projections.statistics import MinuteStatistics, StatisticsKey
from taskdeck.domain.projections.tasks import Task

from .histories import PROJECT, now, raw_events

VARIANTS = 1_000
FAILING = 0.03
NAMES = tuple(f"bench.task{number}" for number in range(50))
SHARES = tuple(1 / (number + 1) / sum(1 / n for n in range(1, 51)) for number in range(50))
"""Zipf: the first name makes 22 % of all tasks, the last one 0.4 %."""
BUSIEST = NAMES[0]


@dataclass(frozen=True, slots=True)
class Story:
    """One task, and the events that told of it."""

    task: Task
    events: Sequence[Event]


async def stories() -> list[Story]:
    """So many different tasks as there are variants, the same with every call."""
    chance = random.Random(4)
    raw = raw_events(3 * VARIANTS)
    for first in range(0, len(raw), 3):
        name = chance.choices(NAMES, SHARES)[0]
        for each in raw[first : first + 3]:
            each["data"] |= {"task_name": name, "queue": f"queue{NAMES.index(name) % 5}"}
        raw[first + 1]["data"]["worker"] = f"w{chance.randrange(20)}"
        if chance.random() < FAILING:
            raw[first + 2] |= {"kind": "task.failed"}
            raw[first + 2]["data"] |= _failure(chance)
    events, _ = parse_events(raw, PROJECT, now(), OrjsonCodec())
    state = MemoryState()
    await MemoryEventStore(state).append(Batch(tuple(events)))
    views = MemoryProjectionStore(state)
    found = []
    for first in range(0, len(events), 3):
        task = await views.task(PROJECT, "celery", events[first].task_id)
        if task is None:
            raise LookupError(events[first].task_id)
        found.append(Story(task, events[first : first + 3]))
    return found


def minutes(a_minute: float) -> Iterator[tuple[str, int, MinuteStatistics]]:
    """Name, minute of the hour, and what so many tasks a minute make of it."""
    chance = random.Random(5)
    for name, share in zip(NAMES, SHARES, strict=True):
        usual = chance.uniform(9, 15)
        for minute in range(60):
            row = MinuteStatistics(StatisticsKey(ProjectId(""), "celery", name, minute))
            for _ in range(round(a_minute * share * chance.uniform(0.7, 1.3))):
                _run(row, chance, usual)
            if not row.is_empty:
                yield name, minute, row


def _run(row: MinuteStatistics, chance: random.Random, usual: float) -> None:
    run = int(chance.lognormvariate(usual, 0.6))
    for what in ("received", "started", "failed" if chance.random() < FAILING else "succeeded"):
        row.count(what, 1)
    add(row.runs, {bucket_of(run): 1})
    add(row.waits, {bucket_of(int(chance.lognormvariate(11, 0.8))): 1})
    row.run_total_us += run


def _failure(chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(["ValueError", "TimeoutError", "ConnectionError", "KeyError"])
    frames = "".join(f'  File "/app/shop/{n}.py", line {n}, in step\n' for n in range(12))
    return {
        "exception": kind,
        "exception_message": f"{kind} of customer {chance.randrange(10_000)}",
        "traceback": f"Traceback (most recent call last):\n{frames}{kind}: no",
    }
