"""What a session signs is read by agents, which check it with their own code."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.errors import InvalidInput
from taskdeck.domain.ids import SessionId
from taskdeck.domain.instants import SECOND, Instant, parse_instant
from taskdeck.domain.session import MAX_SENT_BYTES, AgentSession
from taskdeck.domain.sessions import LiveSession
from taskdeck.domain.signing import Signer

Verify = Callable[[bytes], dict[str, Any]]
Send = Callable[..., bytes]

AWKWARD = {
    "floats": [1e-5, 1.5e-7, 1e-9, 1e16, 1e22, -0.0, 5e-324, 0.1],
    "integers": [2**63, 2**64, -(2**70), 10**30, 0],
    "text": ["é", "😀", "\u2028\x7f\x00\t", '"\\/', "", "\uffff𐀀"],
    "é": {"😀": 1, "\uffff": 2, "z": None, "a": True},
}


@pytest.fixture
def command(session: AgentSession, now: Instant) -> Send:
    def send(**fields: Any) -> bytes:
        defaults: dict[str, Any] = {
            "command_id": "c-1",
            "action": "submit_task",
            "target": {},
            "parameters": {},
            "timeout_seconds": 60,
            "issued_by": None,
            "claim_token": None,
            "now": now,
        }
        return session.command(**{**defaults, **fields})

    return send


@pytest.mark.parametrize("frame_id", [
    "ev_00112233445566778899aabbccddeeff", "x", "x" * 64, 'a"b', "a\\b", "a\nb\x00\x1f\x7f",
    "é", "😀", "\u2028\u2029", "</script>", "{}", "%s{0}", "\uffff",
])  # fmt: skip
def test_acknowledgement_verifies_whatever_the_frame_id(
    frame_id: str, session: AgentSession, verify: Verify, now: Instant
) -> None:
    frame = verify(session.acknowledge(frame_id, 3, 2, 1, now))

    assert frame["payload"] == {"acked_id": frame_id, "received": 3, "accepted": 2, "rejected": 1}
    assert (frame["v"], frame["type"], frame["seq"]) == (2, "event_batch_ack", 1)
    assert parse_instant(frame["ts"]) == now
    assert 0 < len(frame["id"]) <= 64


def test_acknowledgement_at_a_whole_second(
    session: AgentSession, verify: Verify, now: Instant
) -> None:
    whole = now - now % SECOND

    frame = verify(session.acknowledge("ev_1", 1, 1, 0, whole))

    assert parse_instant(frame["ts"]) == whole


def test_acknowledgement_of_a_frame_of_the_vectors(
    vectors: dict[str, Any], session: AgentSession, verify: Verify, now: Instant
) -> None:
    recorded = next(
        json.loads(each["wire"])
        for each in vectors["signed_frames"]
        if each["type"] == "event_batch_ack"
    )
    payload = recorded["payload"]

    frame = verify(
        session.acknowledge(
            payload["acked_id"], payload["received"], payload["accepted"], payload["rejected"], now
        )
    )

    assert frame["payload"] == payload
    assert frame.keys() == recorded.keys() - {"hmac"}


def test_command_verifies_and_says_what_was_asked(command: Send, verify: Verify) -> None:
    frame = verify(
        command(
            command_id="c-7",
            action="retry_task",
            target={"engine": "celery", "task_id": "t-1"},
            parameters=AWKWARD,
            timeout_seconds=120,
            issued_by="key:7",
            claim_token="token",
        )
    )

    assert (frame["v"], frame["type"], frame["id"]) == (2, "command", "c-7")
    assert frame["payload"] == {
        "action": "retry_task",
        "target": {"engine": "celery", "task_id": "t-1"},
        "parameters": AWKWARD,
        "timeout_seconds": 120,
        "issued_by": "key:7",
        "delivery_claim_token": "token",
    }
    assert json.dumps(frame["payload"]["parameters"], sort_keys=True) == json.dumps(
        AWKWARD, sort_keys=True
    ), "floats and integers stay apart"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "\ud800", {1, 2}])
def test_command_with_what_json_cannot_say(value: object, command: Send, verify: Verify) -> None:
    with pytest.raises(InvalidInput, match="cannot be written as JSON"):
        command(parameters={"args": [value]})
    assert verify(command())["type"] == "command", "the session goes on"


@pytest.mark.parametrize("fatal", [True, False])
def test_error(fatal: bool, session: AgentSession, verify: Verify, now: Instant) -> None:
    frame = verify(session.error("agent_incompatible", "Upgrade, é.", fatal=fatal, now=now))

    assert (frame["type"], frame["seq"]) == ("error", 1)
    assert frame["payload"] == {
        "code": "agent_incompatible", "message": "Upgrade, é.", "fatal": fatal,
    }  # fmt: skip


def test_command_that_agents_would_not_read(command: Send, verify: Verify) -> None:
    fits = MAX_SENT_BYTES - 1_000

    assert len(command(parameters={"args": ["x" * fits]})) <= MAX_SENT_BYTES
    with pytest.raises(InvalidInput, match="larger than"):
        command(parameters={"args": ["x" * MAX_SENT_BYTES]})
    assert verify(command())["type"] == "command", "the session goes on"


def test_seq_rises_and_no_nonce_comes_twice(
    session: AgentSession, command: Send, verify: Verify, now: Instant
) -> None:
    frames = []
    for number in range(1_000):
        frames.append(verify(session.acknowledge(f"ev_{number}", 1, 1, 0, now)))
        frames.append(verify(command(command_id=f"c-{number}")))

    assert [frame["seq"] for frame in frames] == list(range(1, 2_001))
    nonces = {frame["nonce"] for frame in frames}
    assert len(nonces) == len(frames)
    assert all(0 < len(nonce) <= 32 for nonce in nonces)


def test_frames_of_one_session_mean_nothing_to_another(
    live: LiveSession, signer: Signer, codec: OrjsonCodec, verify: Verify, now: Instant
) -> None:
    other = AgentSession(replace(live, session_id=SessionId("other")), signer, codec, "n")

    with pytest.raises(AssertionError):
        verify(other.acknowledge("ev_1", 1, 1, 0, now))


@pytest.mark.parametrize("prefix", ["seventeen-letters", "é", 'a"b', "a\n"])
def test_nonce_prefix_that_would_spoil_frames(
    prefix: str, live: LiveSession, signer: Signer, codec: OrjsonCodec
) -> None:
    with pytest.raises(ValueError, match="nonce prefix"):
        AgentSession(live, signer, codec, prefix)


@pytest.mark.parametrize("session_id", ['a"b', "a\\b", "é", "a\n"])
def test_ids_that_would_need_escapes(
    session_id: str, live: LiveSession, signer: Signer, codec: OrjsonCodec
) -> None:
    with pytest.raises(ValueError, match="ids of a session"):
        AgentSession(replace(live, session_id=SessionId(session_id)), signer, codec, "n")
