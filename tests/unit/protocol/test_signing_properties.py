"""What agents sign is taken, and nothing else is: for any JSON, and any change on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from taskdeck.domain.canonical import canonical_json, parse_exact
from taskdeck.domain.effects import Append, Close, CommandFinished
from taskdeck.domain.instants import Instant
from taskdeck.domain.session import AgentSession

Sign = Callable[[dict[str, Any]], bytes]
OpenSession = Callable[[], AgentSession]

texts = st.text(st.characters(codec="utf-8"))
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(2**80), max_value=2**80)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.floats(min_value=-1e-3, max_value=1e-3)
    | texts
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(texts, values, max_size=4)


def frame(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "v": 2, "id": "f_1", "ts": "2026-02-03T04:05:06.789012Z", "nonce": "n", "seq": 1,
        "type": kind, "payload": payload,
    }  # fmt: skip


def exact(value: Any) -> str:
    """Equal only for equal values of equal types."""
    return json.dumps(value, sort_keys=True)


@given(result=objects)
def test_any_payload_that_agents_sign_arrives_unchanged(
    result: dict[str, Any], open_session: OpenSession, sign: Sign, now: Instant
) -> None:
    wire = sign(frame("command_result", {"status": "success", "result": result}))

    (effect,) = open_session().receive(wire, now)

    assert isinstance(effect, CommandFinished)
    assert exact(effect.result) == exact(result)


@given(data=objects)
def test_any_event_data_reaches_the_store_unchanged(
    data: dict[str, Any], open_session: OpenSession, sign: Sign, now: Instant
) -> None:
    event = {
        "id": "0" * 32, "kind": "task.started", "engine": "e", "task_id": "t",
        "occurred_at": "2026-02-03T04:05:06Z", "data": data,
    }  # fmt: skip

    (effect,) = open_session().receive(sign(frame("event_batch", {"events": [event]})), now)

    assert isinstance(effect, Append)
    (kept,) = effect.events
    assert exact(kept.data) == exact(parse_exact(kept.raw)) == exact(data)


@given(extra=st.dictionaries(texts, values, max_size=2), ascii_only=st.booleans())
def test_spelling_on_the_wire_does_not_matter(
    extra: dict[str, Any], ascii_only: bool, open_session: OpenSession, sign: Sign, now: Instant
) -> None:
    """Other key order, white space, escapes: the values are signed, not the bytes."""
    signed = json.loads(sign({**extra, **frame("registry_delta", {"added": []})}))
    reordered = dict(reversed(signed.items()))

    wire = json.dumps(reordered, indent=2, ensure_ascii=ascii_only).encode()

    assume(not {"agent_id", "project_id", "session_id", "hmac"} & extra.keys())
    assert open_session().receive(wire, now) == ()


@given(
    payload=objects,
    place=st.integers(min_value=0),
    byte=st.integers(min_value=0, max_value=255),
    change=st.sampled_from(["replace", "insert", "delete"]),
)
def test_any_changed_byte_that_changes_the_value_is_refused(
    payload: dict[str, Any],
    place: int,
    byte: int,
    change: str,
    open_session: OpenSession,
    sign: Sign,
    now: Instant,
) -> None:
    wire = sign(frame("registry_delta", payload))
    at = place % len(wire)
    kept = at if change == "insert" else at + 1
    changed = wire[:at] + (b"" if change == "delete" else bytes([byte])) + wire[kept:]
    assume(_canonical(changed) != _canonical(wire))

    effects = open_session().receive(changed, now)

    assert any(isinstance(effect, Close) for effect in effects)


@given(wire=st.binary(max_size=200))
def test_bytes_without_a_key_are_refused(
    wire: bytes, open_session: OpenSession, now: Instant
) -> None:
    effects = open_session().receive(wire, now)

    assert any(isinstance(effect, Close) for effect in effects)


@given(frame_id=st.text(st.characters(codec="utf-8"), min_size=1, max_size=64))
def test_any_frame_id_can_be_acknowledged(
    frame_id: str,
    open_session: OpenSession,
    verify: Callable[[bytes], dict[str, Any]],
    now: Instant,
) -> None:
    acknowledged = verify(open_session().acknowledge(frame_id, 1, 1, 0, now))

    assert acknowledged["payload"]["acked_id"] == frame_id


@given(parameters=objects, target=objects)
def test_any_parameters_can_be_sent(
    parameters: dict[str, Any],
    target: dict[str, Any],
    open_session: OpenSession,
    verify: Callable[[bytes], dict[str, Any]],
    now: Instant,
) -> None:
    wire = open_session().command(
        command_id="c", action="a", target=target, parameters=parameters, timeout_seconds=60,
        issued_by=None, claim_token=None, now=now,
    )  # fmt: skip

    payload = verify(wire)["payload"]
    assert exact(payload["parameters"]) == exact(parameters)
    assert exact(payload["target"]) == exact(target)


def _canonical(wire: bytes) -> bytes | None:
    """What is signed, or None for what has no canonical form."""
    try:
        return canonical_json(parse_exact(wire))
    except (ValueError, RecursionError):
        return None
