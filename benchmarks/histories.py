"""Events as a busy Celery worker's agent sends them: three a task, about 420 bytes each."""

from __future__ import annotations

import os
import time
from typing import Any

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.event_frames import parse_events
from taskdeck.domain.events import Event
from taskdeck.domain.ids import ProjectId
from taskdeck.domain.instants import render_instant

KINDS = ("task.received", "task.started", "task.succeeded")
TASK_NAMES = 20
PROJECT = ProjectId("11111111-2222-4333-8444-555555555555")


def raw_events(count: int) -> list[dict[str, Any]]:
    """As they stand in frames: whole task lives one after the other."""
    run = os.urandom(6).hex()
    return [_raw_event(number, run) for number in range(count)]


def events(count: int) -> list[Event]:
    """As the store takes them."""
    read, rejected = parse_events(raw_events(count), PROJECT, now(), OrjsonCodec())
    if rejected:
        raise ValueError(rejected[0].reason)
    return list(read)


def _raw_event(number: int, run: str) -> dict[str, Any]:
    task, step = divmod(number, len(KINDS))
    data: dict[str, Any] = {
        "task_name": f"shop.task{task % TASK_NAMES}",
        "queue": "celery" if step == 0 else None,
        "worker": None,
        "args": [task, "customer@example.com"],
        "kwargs": {"amount": 12.5, "currency": "EUR", "note": "x" * 120},
    }
    if step == 2:
        data |= {"result": {"ok": True}, "runtime_ms": None}
    return {
        "id": os.urandom(16).hex(),
        "kind": KINDS[step],
        "engine": "celery",
        "task_id": f"{run}-{task}",
        "occurred_at": render_instant(now() + step * 12_000),
        "data": data,
    }


def now() -> int:
    return time.time_ns() // 1_000
