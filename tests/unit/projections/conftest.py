"""Events to fold, told in seconds."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.event_frames import parse_events
from taskdeck.domain.events import Event, EventKind
from taskdeck.domain.ids import EventId, ProjectId
from taskdeck.domain.instants import SECOND, parse_instant
from taskdeck.domain.projections.folding import fold_events
from taskdeck.domain.projections.statistics import summarise
from taskdeck.domain.projections.tasks import Task

VECTORS = Path(__file__).parents[2] / "vectors" / "vectors.json"
START = 1_790_000_040 * SECOND
"""On a full minute."""


@pytest.fixture(scope="session")
def start() -> int:
    return START


@pytest.fixture(scope="session")
def event() -> Callable[..., Event]:
    """`event(kind, seconds, engine="rq", task_id="t", **data)`, so long after `start`."""
    numbers = itertools.count(1)

    def build(
        kind: str, seconds: float, /, engine: str = "rq", task_id: str = "t", **data: Any
    ) -> Event:
        at = START + round(seconds * SECOND)
        return Event(
            project_id=ProjectId("p"),
            id=EventId(next(numbers).to_bytes(16)),
            kind=EventKind(kind if "." in kind else f"task.{kind}"),
            engine=engine,
            task_id=task_id,
            occurred_at=at,
            received_at=at,
            data=data,
            raw=json.dumps(data).encode(),
        )

    return build


@pytest.fixture(scope="session")
def signal(event: Callable[..., Event]) -> Callable[..., Event]:
    """Celery, as told by the worker's main process (source S of §6.3)."""

    def build(kind: str, seconds: float, /, task_id: str = "t", **data: Any) -> Event:
        known = {"task_name": "app.add", "queue": None, "worker": None}
        if kind == "received":
            known["queue"] = "celery"
        return event(kind, seconds, "celery", task_id, **{**known, **data})

    return build


@pytest.fixture(scope="session")
def monitor(event: Callable[..., Event]) -> Callable[..., Event]:
    """Celery, as read from the cluster's event stream (source B of §6.3)."""

    def build(kind: str, seconds: float, /, task_id: str = "t", **data: Any) -> Event:
        known = {"task_name": f"<unknown:{task_id[:8]}>", "queue": None, "worker": "w1@h"}
        return event(kind, seconds, "celery", task_id, **{**known, **data})

    return build


@pytest.fixture(scope="session")
def fold() -> Callable[..., Task]:
    """Folds events of one task in one batch."""

    def fold(*events: Event) -> Task:
        (task,) = fold_events(events, {}).tasks
        return task

    return fold


@pytest.fixture(scope="session")
def counts() -> Callable[..., dict[str, int]]:
    """What the statistics count of these events; zeros left out."""

    def counted(*events: Event) -> dict[str, int]:
        whole = summarise(fold_events(events, {}).statistics.values())
        return {what: number for what, number in whole.counts.items() if number}

    return counted


@pytest.fixture(scope="session")
def captured() -> tuple[Event, ...]:
    """What real agents sent, in the order in which it was recorded."""
    vectors = json.loads(VECTORS.read_text())
    items = [each["event"] for each in vectors["captured"]["events"]]
    now = parse_instant("2026-11-24T00:00:00Z")
    events, rejections = parse_events(items, ProjectId("p"), now, OrjsonCodec())
    assert not rejections
    return events
