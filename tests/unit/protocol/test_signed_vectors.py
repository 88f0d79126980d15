"""Signed frames of the vectors: the good ones are taken, the bad ones change nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.canonical import canonical_json
from taskdeck.domain.effects import Close, Tell
from taskdeck.domain.errors import Refused
from taskdeck.domain.instants import Instant, parse_instant, render_instant
from taskdeck.domain.replay_guard import MAX_NONCE, ReplayGuard
from taskdeck.domain.session import AgentSession
from taskdeck.domain.signing import Envelope, Signer

REASONS_OF_4400 = {"json", "version", "type", "status"}
REASONS_AFTER_HMAC = {"status", "seq", "nonce", "ts"}


@pytest.fixture
def envelope(signer: Signer, vectors: dict[str, Any]) -> Envelope:
    context = vectors["session"]
    return Envelope(signer, context["agent_id"], context["project_id"], context["session_id"])


def test_signed_frame_verifies(
    signed_vector: dict[str, Any], envelope: Envelope, codec: OrjsonCodec, now: Instant
) -> None:
    frame = envelope.open(signed_vector["wire"].encode(), codec)
    ReplayGuard().admit(frame, now)

    ids = {name: getattr(envelope, name) for name in ("agent_id", "project_id", "session_id")}
    canonical = canonical_json({**frame, **ids})
    assert canonical.decode() == signed_vector["canonical"]
    assert hashlib.sha256(canonical).hexdigest() == signed_vector["canonical_sha256"]


def test_frame_is_signed_as_agents_sign_it(
    signed_vector: dict[str, Any], envelope: Envelope, verify: Callable[[bytes], dict[str, Any]]
) -> None:
    frame = verify(signed_vector["wire"].encode())

    sealed = envelope.seal(frame)

    assert signed_vector["hmac"].encode() in sealed
    assert verify(sealed) == frame


@pytest.mark.parametrize(("first", "last", "direction"), [
    (0, 12, "agent_to_server"),
    (12, 16, "server_to_agent"),
])  # fmt: skip
def test_frames_verify_as_a_running_sequence(
    first: int,
    last: int,
    direction: str,
    vectors: dict[str, Any],
    envelope: Envelope,
    codec: OrjsonCodec,
    now: Instant,
) -> None:
    guard = ReplayGuard()

    for each in vectors["signed_frames"][first:last]:
        assert each["direction"] == direction
        guard.admit(envelope.open(each["wire"].encode(), codec), now)


def test_session_takes_the_running_sequence(
    vectors: dict[str, Any], session: AgentSession, now: Instant
) -> None:
    for each in vectors["signed_frames"][:12]:
        effects = session.receive(each["wire"].encode(), now)
        assert not any(isinstance(effect, Close) for effect in effects), each["name"]


def test_rejected_frame_is_refused_and_leaves_no_trace(
    rejected_vector: dict[str, Any],
    vectors: dict[str, Any],
    session: AgentSession,
    sign: Callable[[dict[str, Any]], bytes],
    now: Instant,
) -> None:
    for wire in rejected_vector["accepted_before"]:
        assert not _closes(session.receive(wire.encode(), now))
    later = parse_instant(rejected_vector["now"])

    tell, close = session.receive(rejected_vector["wire"].encode(), later)

    reason = rejected_vector["reason"]
    assert isinstance(tell, Tell)
    assert isinstance(close, Close)
    assert tell.notice.code == f"frame.refused.{reason}"
    assert close.code == _close_code(rejected_vector)
    assert not _closes(session.receive(sign(_next_good(rejected_vector, later)), later))


def test_without_the_key_nothing_but_the_signature_is_judged(
    vectors: dict[str, Any], codec: OrjsonCodec
) -> None:
    stranger = Envelope(Signer(b"another key of 32 bytes ........"), "a", "p", "s")
    late = [each for each in vectors["rejected_frames"] if each["reason"] in REASONS_AFTER_HMAC]
    assert late

    for each in late:
        with pytest.raises(Refused) as refused:
            stranger.open(each["wire"].encode(), codec)
        assert refused.value.details["reason"] == "hmac", each["name"]


def _closes(effects: tuple[Any, ...]) -> bool:
    return any(isinstance(effect, Close) for effect in effects)


def _close_code(rejected: dict[str, Any]) -> int:
    """4403 for a signature, a time out of the window, a repetition; 4400 for the form (§3.4)."""
    if rejected["reason"] in REASONS_OF_4400:
        return 4400
    repeated = bool(rejected["accepted_before"])
    outside = "ts 6" in rejected["name"] or "2 minutes" in rejected["name"]
    return 4403 if rejected["reason"] == "hmac" or repeated or outside else 4400


def _next_good(rejected: dict[str, Any], at: Instant) -> dict[str, Any]:
    """A frame that is only good if the refused one changed neither seq nor nonces: it has the
    lowest seq still free and, where it is a usable one, the nonce of the refused frame."""
    before = [json.loads(wire) for wire in rejected["accepted_before"]]
    try:
        refused = json.loads(rejected["wire"])
    except ValueError:
        refused = None
    nonce = refused.get("nonce") if isinstance(refused, dict) else None
    usable = isinstance(nonce, str) and 0 < len(nonce) <= MAX_NONCE
    if not usable or nonce in [frame["nonce"] for frame in before]:
        nonce = "an-unused-nonce"
    return {
        "v": 2, "id": "hb_1", "ts": render_instant(at), "nonce": nonce, "type": "heartbeat",
        "seq": 1 + max((frame["seq"] for frame in before), default=0), "payload": {},
    }  # fmt: skip
