"""The price of one event at the door: verify, read, acknowledge. Nothing is stored.

    pytest benchmarks/test_protocol.py --benchmark-only

A round takes `FRAMES` frames that were signed beforehand; divide its time by them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from taskdeck.domain.effects import Append
from taskdeck.domain.session import AgentSession

from .door import NOW, Door, open_door

FRAMES = 500
ROUNDS = 20
DATA = {
    "task_name": "shop.tasks.pay", "result": 3, "runtime_ms": 12, "worker": "w1@host",
    "tags": ["billing"],
}  # fmt: skip


@pytest.fixture
def door() -> Door:
    return open_door()


@pytest.mark.parametrize(("number", "events", "data"), [
    pytest.param(FRAMES, 1, DATA, id="one-event-a-frame"),
    pytest.param(FRAMES, 1, {**DATA, "result": 1e-5}, id="one-event-a-frame-exact-path"),
    pytest.param(5, 200, DATA, id="200-events-a-frame"),
])  # fmt: skip
def test_receive(
    number: int, events: int, data: dict[str, Any], door: Door, benchmark: BenchmarkFixture
) -> None:
    frames = door.frames(number, events, data)
    taken: list[int] = []

    def receive(session: AgentSession) -> None:
        taken.append(sum(_accepted(session, wire) for wire in frames))

    benchmark.extra_info.update(frames=number, events=number * events, bytes=len(frames[0]))
    _measure(benchmark, receive, lambda: ((door.open(),), {}))
    assert set(taken) == {number * events}


def test_acknowledge(door: Door, benchmark: BenchmarkFixture) -> None:
    session = door.open()
    ids = [f"ev_{uuid4().hex}" for _ in range(FRAMES)]

    def acknowledge() -> list[bytes]:
        return [session.acknowledge(frame_id, 1, 1, 0, NOW) for frame_id in ids]

    benchmark.extra_info.update(frames=FRAMES)
    assert len(_measure(benchmark, acknowledge)) == FRAMES


def test_receive_and_acknowledge(door: Door, benchmark: BenchmarkFixture) -> None:
    frames = door.frames(FRAMES, 1, DATA)

    def serve(session: AgentSession) -> None:
        for wire in frames:
            (append,) = session.receive(wire, NOW)
            assert isinstance(append, Append)
            session.acknowledge(append.frame_id, append.received, len(append.events), 0, NOW)

    benchmark.extra_info.update(frames=FRAMES, bytes=len(frames[0]))
    _measure(benchmark, serve, lambda: ((door.open(),), {}))


def _measure(
    benchmark: BenchmarkFixture,
    target: Callable[..., Any],
    setup: Callable[[], tuple[tuple[Any, ...], dict[str, Any]]] | None = None,
) -> Any:
    return benchmark.pedantic(target, setup=setup, rounds=ROUNDS)  # type: ignore[no-untyped-call]


def _accepted(session: AgentSession, wire: bytes) -> int:
    (append,) = session.receive(wire, NOW)
    assert isinstance(append, Append)
    return len(append.events)
