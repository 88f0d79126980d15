"""Bad events are counted and acknowledged; they take neither neighbours nor the session down."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.effects import Append, Close
from taskdeck.domain.event_frames import MAX_EVENT_BYTES, MAX_NESTING
from taskdeck.domain.events import Event
from taskdeck.domain.instants import DAY, Instant, render_instant
from taskdeck.domain.session import AgentSession
from taskdeck.domain.sessions import LiveSession
from taskdeck.domain.signing import Signer

Batch = Callable[..., Append]


def event(**fields: Any) -> dict[str, Any]:
    return {
        "id": "00000000-0000-4000-8000-000000000001",
        "kind": "task.started",
        "engine": "celery",
        "task_id": "t1",
        "occurred_at": "2026-02-03T04:05:06+00:00",
        "data": {"task_name": "app.add"},
        **fields,
    }


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in event().items() if name != field}


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth - 1):
        value = {"a": value}
    return value


def text(value: Any) -> str:
    """So that 0, 0.0 and -0.0 differ."""
    return json.dumps(value, sort_keys=True)


@pytest.fixture
def batch(
    live: LiveSession,
    signer: Signer,
    codec: OrjsonCodec,
    agent_frame: Callable[..., bytes],
    now: Instant,
) -> Batch:
    """Sends these events in one frame, to a session that takes large ones."""
    session = AgentSession(live, signer, codec, "n", max_frame_bytes=4 * MAX_EVENT_BYTES)

    def send(*events: Any) -> Append:
        (effect,) = session.receive(agent_frame("event_batch", {"events": events}), now)
        assert isinstance(effect, Append)
        assert effect.received == len(events)
        return effect

    return send


@pytest.mark.parametrize(("bad", "reason"), [
    (event(kind="task.exploded"), "unknown kind"),
    (event(kind=None), "unknown kind"),
    (event(kind=["task.started"]), "wrong type"),
    (event(id="not a uuid"), "not a UUID"),
    (event(id="z" * 32), "hexadecimal"),
    (event(id="00000000-0000-4000-8000-0000000000"), "not a UUID"),
    (event(id=7), "not a UUID"),
    (event(engine="x" * 41), "engine"),
    (event(engine=None), "engine"),
    (event(task_id="x" * 201), "task_id"),
    (event(task_id=7), "task_id"),
    (event(data=[]), "data is not an object"),
    (event(data="x"), "data is not an object"),
    (event(data={"a": "x" * MAX_EVENT_BYTES}), "larger than"),
    (event(data=nested(MAX_NESTING + 1)), "nested deeper"),
    (event(data=nested(100)), "nested deeper"),
    (event(data=nested(300)), "nested deeper"),
    (event(data={"a": [nested(MAX_NESTING - 1)]}), "nested deeper"),
    (event(occurred_at="2026-02-03T04:05:06"), "offset"),
    (event(occurred_at="1999-12-31T23:59:59Z"), "occurred_at"),
    (event(occurred_at="2026-02-05T00:00:00Z"), "occurred_at"),
    (event(occurred_at="0001-01-01T00:00:00+23:59"), ""),
    (event(occurred_at=1_770_000_000), "wrong type"),
    (event(occurred_at="soon"), "soon"),
    (event(occurred_at="soon" * 10_000), "soon"),
    (without("id"), "id is missing"),
    (without("kind"), "kind is missing"),
    (without("engine"), "engine is missing"),
    (without("task_id"), "task_id is missing"),
    (without("occurred_at"), "occurred_at is missing"),
    (without("data"), "data is missing"),
    ("an event", "wrong type"),
    (None, "wrong type"),
    (7, "wrong type"),
    ([], "wrong type"),
])  # fmt: skip
def test_bad_event_is_rejected_alone(bad: object, reason: str, batch: Batch) -> None:
    first = event(id="00000000-0000-4000-8000-00000000000a")
    last = event(id="0000000000004000800000000000000b")

    effect = batch(first, bad, last)

    assert [each.id[-1] for each in effect.events] == [0x0A, 0x0B]
    (rejection,) = effect.rejections
    assert reason in rejection.reason
    assert len(rejection.event_id) <= 64
    assert len(rejection.reason) <= 200


def test_rejection_names_the_event(batch: Batch) -> None:
    bad = event(kind="task.exploded")

    assert batch(bad).rejections[0].event_id == bad["id"]


def test_too_many_events_are_acknowledged_as_rejected(batch: Batch) -> None:
    """Refusing the frame would bring it back for ever."""
    effect = batch(*[event()] * 5_001)

    assert effect.events == ()
    (rejection,) = effect.rejections
    assert "5001 events" in rejection.reason


def test_as_many_events_as_allowed(batch: Batch) -> None:
    effect = batch(*[event()] * 5_000)

    assert (len(effect.events), effect.rejections) == (5_000, ())


def test_no_events_at_all(batch: Batch) -> None:
    assert batch() == Append("f_1", (), (), 0)


@pytest.mark.parametrize("data", [
    {},
    nested(64),
    nested(MAX_NESTING),
    {"a": [[]] * 200},
    {"brackets in text": "[{" * 100},
    {"\0": "\0"},
    {"task_name": None, "args": [1e-5, -0.0, 1e300], "s": "é😀\u2028\x7f"},
    {"big": 2**70, "small": -(2**70), "deep": [{"big": 10**30}]},
])  # fmt: skip
def test_unusual_data_is_kept_exactly(data: dict[str, Any], batch: Batch) -> None:
    (kept,) = batch(event(data=data)).events

    assert text(kept.data) == text(json.loads(kept.raw)) == text(data)


def test_integers_beyond_64_bits_survive_their_neighbours(batch: Batch) -> None:
    big = event(data={"result": 2**70})

    kept = batch(event(), big).events

    assert [each.raw for each in kept] == [
        b'{"task_name":"app.add"}', b'{"result":1180591620717411303424}',
    ]  # fmt: skip


def test_nul_in_names_becomes_a_replacement_character(batch: Batch) -> None:
    (kept,) = batch(event(task_id="a\0b", engine="e\0")).events

    assert (kept.task_id, kept.engine) == ("a\ufffdb", "e\ufffd")


@pytest.mark.parametrize("depth", [MAX_NESTING, 200, 250, 260, 500, 800])
def test_session_lives_on_whatever_the_nesting(
    depth: int, session: AgentSession, agent_frame: Callable[..., bytes], now: Instant
) -> None:
    deep = agent_frame("event_batch", {"events": [event(data=nested(depth)), event()]})

    (effect,) = session.receive(deep, now)
    after = session.receive(agent_frame("heartbeat", {}), now)

    assert isinstance(effect, Append)
    assert len(effect.events) == (2 if depth <= MAX_NESTING else 1)
    assert not any(isinstance(each, Close) for each in after)


def test_a_day_ahead_is_still_believed(batch: Batch, now: Instant) -> None:
    (kept,) = batch(event(occurred_at=render_instant(now + DAY))).events

    assert isinstance(kept, Event)
    assert kept.occurred_at == now + DAY
    assert kept.received_at == now


def test_schedule_snapshots_are_larger_than_other_events(batch: Batch) -> None:
    """A frame of rows takes up to about 768 KiB (agent-protocol.md §9.4)."""
    rows = {"external_snapshot_frame": {"schedules": ["x" * 8_192] * 96}}

    assert batch(event(kind="schedule.snapshot", task_id="", data=rows)).rejections == ()
