"""Frames that end a session, each with its reason. Nothing that arrives makes a session raise."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.effects import Close, Observe, Tell
from taskdeck.domain.instants import SECOND, Instant, render_instant
from taskdeck.domain.notices import Severity
from taskdeck.domain.session import AgentSession
from taskdeck.domain.sessions import LiveSession
from taskdeck.domain.signing import Signer

HEARTBEAT: dict[str, Any] = {}


def refusal(effects: tuple[Any, ...]) -> tuple[str, int, str]:
    """Reason, close code and message of a refusal, which these effects must be."""
    tell, close = effects
    assert isinstance(tell, Tell)
    assert isinstance(close, Close)
    assert tell.notice.severity is Severity.WARNING
    assert len(close.reason.encode()) <= 123, "a WebSocket takes no more"
    return tell.notice.code.removeprefix("frame.refused."), close.code, tell.notice.message


def test_replayed_frame(
    session: AgentSession, agent_frame: Callable[..., bytes], now: Instant
) -> None:
    wire = agent_frame("heartbeat", HEARTBEAT)
    session.receive(wire, now)

    reason, code, _ = refusal(session.receive(wire, now))

    assert (reason, code) == ("seq", 4403)


@pytest.mark.parametrize("version", [1, 3, "2", 2.0, True, None])
def test_unknown_version(
    version: object, session: AgentSession, agent_frame: Callable[..., bytes], now: Instant
) -> None:
    wire = agent_frame("heartbeat", HEARTBEAT, v=version)

    assert refusal(session.receive(wire, now))[:2] == ("version", 4400)


def test_hello_twice(session: AgentSession, vectors: dict[str, Any], now: Instant) -> None:
    wire = vectors["handshake_frames"][0]["wire"].encode()

    reason, code, message = refusal(session.receive(wire, now))

    assert (reason, code) == ("type", 4400)
    assert "hello only opens a session" in message


@pytest.mark.parametrize("kind", ["hello", "hello_ack", "event_batch_ack", "command"])
def test_signed_frame_of_a_type_that_agents_do_not_send(
    kind: str, session: AgentSession, agent_frame: Callable[..., bytes], now: Instant
) -> None:
    assert refusal(session.receive(agent_frame(kind, {}), now))[:2] == ("type", 4400)


@pytest.mark.parametrize(("ahead", "direction"), [(61, "ahead of"), (-3_600, "behind")])
def test_wrong_clock_is_named(
    ahead: int,
    direction: str,
    session: AgentSession,
    agent_frame: Callable[..., bytes],
    now: Instant,
) -> None:
    wire = agent_frame("heartbeat", HEARTBEAT, ts=render_instant(now + ahead * SECOND))

    reason, code, message = refusal(session.receive(wire, now))

    assert (reason, code) == ("ts", 4403)
    assert f"clock skew: the agent's clock is {abs(ahead)}.0 s {direction}" in message


def test_wrong_key_is_named(
    live: LiveSession, codec: OrjsonCodec, agent_frame: Callable[..., bytes], now: Instant
) -> None:
    session = AgentSession(live, Signer(b"another key of 32 bytes ........"), codec, "n")

    reason, code, message = refusal(session.receive(agent_frame("heartbeat", HEARTBEAT), now))

    assert (reason, code) == ("hmac", 4403)
    assert "Z4J_HMAC_SECRET" in message


@pytest.mark.parametrize("mac", ["é" * 64, "", None, 7, ["a"], "0" * 64])
def test_mac_of_any_form(
    mac: object, session: AgentSession, agent_frame: Callable[..., bytes], now: Instant
) -> None:
    frame = {**json.loads(agent_frame("heartbeat", HEARTBEAT)), "hmac": mac}

    assert refusal(session.receive(json.dumps(frame).encode(), now))[:2] == ("hmac", 4403)


@pytest.mark.parametrize("wire", [
    b"",
    b"\x00\x01\x02\xff\xfe" * 100,
    b"\xef\xbb\xbf{}",
    '{"v":2}'.encode("utf-16"),
    b"{",
    b"[]",
    b"2",
    b"null",
    b'{"v":2,"type":"heartbeat","payload":{"a":"\xff"}}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"v":2,"type":"heartbeat","payload":{},"seq":' + b"9" * 5_000 + b"}",
    b'{"v":2,"type":"heartbeat","payload":{"a":NaN}}',
    b'{"v":2,"type":"heartbeat","payload":{"a":1e400}}',
    rb'{"v":2,"type":"heartbeat","payload":{"a":"\ud800"}}',
    rb'{"v":2,"type":"heartbeat","payload":{"\udc00":1}}',
], ids=lambda wire: repr(wire[:40]))  # fmt: skip
def test_garbage(wire: bytes, session: AgentSession, now: Instant) -> None:
    assert refusal(session.receive(wire, now))[:2] == ("json", 4400)


@pytest.mark.parametrize("depth", [1, 60, 250, 300, 900, 990, 1_100, 5_000])
def test_nesting_of_any_depth(depth: int, session: AgentSession, now: Instant) -> None:
    """Refused as unreadable or for its signature: never an exception, whatever the depth."""
    wire = b'{"v":2,"type":"heartbeat","payload":%s1%s}' % (b'{"a":' * depth, b"}" * depth)

    assert refusal(session.receive(wire, now))[0] in {"json", "hmac"}


@pytest.mark.parametrize("fields", [
    {"payload": None}, {"payload": []}, {"payload": "x"},
    {"id": None}, {"id": ""}, {"id": 7}, {"id": "x" * 65},
])  # fmt: skip
def test_frame_of_the_wrong_form(
    fields: dict[str, Any],
    session: AgentSession,
    agent_frame: Callable[..., bytes],
    now: Instant,
) -> None:
    wire = agent_frame("heartbeat", HEARTBEAT, **fields)

    assert refusal(session.receive(wire, now))[:2] == ("json", 4400)


@pytest.mark.parametrize(("kind", "payload"), [
    ("event_batch", {}),
    ("event_batch", {"events": {"0": {}}}),
    ("heartbeat", {"adapter_health": []}),
    ("heartbeat", {"adapter_health": {str(n): "" for n in range(300)}}),
    ("agent_status", {"telemetry_loss": {
        "buffer_id": "b", "runtime_id": "r", "adapter_events": [1]}}),
    ("command_ack", {"delivery_claim_token": "x" * 65}),
    ("command_result", {"status": "success", "delivery_claim_token": 7}),
])  # fmt: skip
def test_payload_of_the_wrong_form(
    kind: str,
    payload: dict[str, Any],
    session: AgentSession,
    agent_frame: Callable[..., bytes],
    now: Instant,
) -> None:
    assert refusal(session.receive(agent_frame(kind, payload), now))[:2] == ("json", 4400)


@pytest.mark.parametrize("payload", [
    {"buffer_size": -1, "dropped_events": 2**60, "last_flush_at": "yesterday"},
    {"buffer_size": "7", "dropped_events": None, "last_flush_at": 12},
    {"telemetry_loss": "none", "adapter_health": None, "something_new": {"a": 1}},
    {"adapter_health": {"celery.queue_depths": "not json", "celery.worker_details": "[]"}},
    {"adapter_health": {"celery.queue_depths": '{"q": -1, "r": "2", "s": true}'}},
    {"adapter_health": {"celery.queue_depths": 7, "x": ["a"]}},
])  # fmt: skip
def test_values_that_make_no_sense_are_left_out(
    payload: dict[str, Any],
    session: AgentSession,
    agent_frame: Callable[..., bytes],
    now: Instant,
) -> None:
    (effect,) = session.receive(agent_frame("heartbeat", payload), now)

    assert isinstance(effect, Observe)
    assert effect.events == ()
    report = effect.report
    assert (report.buffer_depth, report.dropped_events, report.last_flush_at) == (None, None, None)
    assert report.loss is None


@pytest.mark.parametrize(("larger", "accepted"), [(0, True), (1, False)])
def test_frame_larger_than_agreed(
    larger: int,
    accepted: bool,
    live: LiveSession,
    signer: Signer,
    codec: OrjsonCodec,
    agent_frame: Callable[..., bytes],
    now: Instant,
) -> None:
    wire = agent_frame("heartbeat", HEARTBEAT)
    session = AgentSession(live, signer, codec, "n", max_frame_bytes=len(wire) - larger)

    effects = session.receive(wire, now)

    if accepted:
        assert isinstance(effects[0], Observe)
    else:
        assert refusal(effects)[:2] == ("json", 4400)


def test_ids_on_the_wire_mean_nothing(
    session: AgentSession, agent_frame: Callable[..., bytes], now: Instant
) -> None:
    """Agents sign with the ids of the session, whatever a frame says of itself."""
    frame = {**json.loads(agent_frame("heartbeat", HEARTBEAT)), "agent_id": "somebody-else"}

    (effect,) = session.receive(json.dumps(frame).encode(), now)

    assert isinstance(effect, Observe)
    assert effect.report.slot == session.live.slot
