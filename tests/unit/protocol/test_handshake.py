"""The first message each way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.errors import Refused
from taskdeck.domain.handshake import hello_ack, parse_hello
from taskdeck.domain.ids import LEGACY_WORKER, WorkerSlot
from taskdeck.domain.instants import parse_instant
from taskdeck.domain.sessions import Hello, LiveSession

Payload = dict[str, Any]
LAST_FIELDS = ("worker_id", "worker_role", "worker_pid", "worker_started_at", "runtime_features")


@pytest.fixture
def payload(vectors: dict[str, Any]) -> Payload:
    payload: Payload = json.loads(vectors["handshake_frames"][0]["wire"])["payload"]
    return payload


def wire_of(payload: object, **fields: Any) -> bytes:
    return json.dumps({"v": 2, "type": "hello", "payload": payload, **fields}).encode()


def close_code(wire: bytes, codec: OrjsonCodec) -> int:
    with pytest.raises(Refused) as refused:
        parse_hello(wire, codec)
    return refused.value.close_code


def test_hello(vectors: dict[str, Any], codec: OrjsonCodec) -> None:
    hello = parse_hello(vectors["handshake_frames"][0]["wire"].encode(), codec)

    assert hello == Hello(
        agent_version="1.13.0",
        framework="bare",
        engines=("celery",),
        schedulers=("celery-beat",),
        capabilities={
            "celery": frozenset(
                {"cancel_task", "retry_by_reference_v1", "retry_task", "submit_task"}
            ),
            "celery-beat": frozenset(
                {"external_schedule_stable_snapshot_v1", "list", "trigger_now"}
            ),
        },
        host_name="worker-a",
        worker_id="bare-4242-1770091506000",
        worker_role="task",
        worker_pid=4242,
        worker_started_at=parse_instant("2026-02-03T04:05:00Z"),
        runtime_features=frozenset({"retry_by_reference", "external_schedule_protocol_v1"}),
    )


def test_hello_of_an_old_agent(
    vectors: dict[str, Any], codec: OrjsonCodec, live: LiveSession
) -> None:
    """Without the last five fields it holds the one slot of its agent."""
    wire = vectors["handshake_frames"][1]["wire"].encode()
    assert not set(LAST_FIELDS) & json.loads(wire)["payload"].keys()

    hello = parse_hello(wire, codec)

    old = LiveSession(
        session_id=live.session_id,
        project_id=live.project_id,
        agent_id=live.agent_id,
        hello=hello,
        opened_at=live.opened_at,
    )
    assert old.slot == WorkerSlot(live.agent_id, LEGACY_WORKER)
    assert (hello.worker_role, hello.worker_pid, hello.worker_started_at) == (None, None, None)
    assert hello.runtime_features == frozenset()
    assert (hello.framework, hello.host_name) == ("django", "")


@pytest.mark.parametrize("wire", [
    wire_of({}, v=1),
    wire_of({"protocol_version": "1"}),
    wire_of({"protocol_version": "3"}),
    wire_of({"protocol_version": 2}),
    wire_of({"protocol_version": "é" * 5_000}),
    wire_of({}),
])  # fmt: skip
def test_another_protocol_is_told_what_to_install(wire: bytes, codec: OrjsonCodec) -> None:
    with pytest.raises(Refused, match=r"Install z4j agent packages 1\.x") as refused:
        parse_hello(wire, codec)

    assert refused.value.close_code == 4426
    assert len(refused.value.message) < 200


@pytest.mark.parametrize("wire", [
    b"",
    b"\xff\x00",
    b"[]",
    b"{}",
    b"[" * 5_000,
    wire_of(None),
    wire_of([]),
    wire_of({"protocol_version": "2"}, type="heartbeat"),
    wire_of({"protocol_version": "2"}, type=["hello"]),
    wire_of({"protocol_version": "2", "x": "x" * 128 * 1024}),
], ids=lambda wire: repr(wire[:40]))  # fmt: skip
def test_first_message_that_is_no_hello(wire: bytes, codec: OrjsonCodec) -> None:
    assert close_code(wire, codec) == 4400


@pytest.mark.parametrize("fields", [
    {"agent_version": "1" * 41},
    {"agent_version": 1},
    {"framework": "x" * 41},
    {"engines": ["e"] * 65},
    {"engines": ["e" * 41]},
    {"engines": [1]},
    {"engines": "celery"},
    {"schedulers": ["s"] * 65},
    {"capabilities": {str(n): [] for n in range(65)}},
    {"capabilities": {"celery": ["x"] * 129}},
    {"capabilities": {"celery": ["x" * 65]}},
    {"capabilities": {"celery": [None]}},
    {"capabilities": ["celery"]},
    {"capabilities": {"c" * 41: []}},
    {"worker_id": "w" * 129},
    {"worker_id": 7},
    {"worker_role": "r" * 33},
    {"runtime_features": ["f"] * 65},
])  # fmt: skip
def test_oversized_or_mistyped_field(fields: Payload, payload: Payload, codec: OrjsonCodec) -> None:
    assert close_code(wire_of({**payload, **fields}), codec) == 4400


@pytest.mark.parametrize("fields", [
    {"host": None}, {"host": "web-1"}, {"host": {"name": None}}, {"host": {"name": 7}},
    {"worker_pid": "4242"}, {"worker_pid": -1}, {"worker_started_at": "noon"},
    {"capabilities": None}, {"engines": None}, {"runtime_features": None},
    {"something_new": {"a": [1]}}, {"worker_role": None}, {"worker_id": None},
])  # fmt: skip
def test_what_is_merely_odd_does_not_keep_an_agent_out(
    fields: Payload, payload: Payload, codec: OrjsonCodec
) -> None:
    assert parse_hello(wire_of({**payload, **fields}), codec).agent_version == "1.13.0"


def test_long_host_name_is_cut(payload: Payload, codec: OrjsonCodec) -> None:
    hello = parse_hello(wire_of({**payload, "host": {"name": "h" * 1_000}}), codec)

    assert hello.host_name == "h" * 64


def test_nul_in_names_becomes_a_replacement_character(payload: Payload, codec: OrjsonCodec) -> None:
    """Text columns may not hold it."""
    odd = {"worker_id": "w\0", "engines": ["e\0"], "host": {"name": "h\0"}}

    hello = parse_hello(wire_of({**payload, **odd}), codec)

    assert (hello.worker_id, hello.engines, hello.host_name) == ("w\ufffd", ("e\ufffd",), "h\ufffd")


def test_equal_capabilities_are_kept_once(payload: Payload, codec: OrjsonCodec) -> None:
    """Thousands of connections say the same."""
    one = parse_hello(wire_of(payload), codec)
    other = parse_hello(wire_of(payload), codec)

    assert one.capabilities is other.capabilities
    assert one.engines is other.engines
    assert one.runtime_features is other.runtime_features


def test_hello_ack(vectors: dict[str, Any], live: LiveSession) -> None:
    recorded = json.loads(vectors["handshake_frames"][2]["wire"])

    answer = hello_ack(
        live, brain_version="1.13.0", heartbeat_seconds=10, max_frame_bytes=1_048_576
    )

    assert answer["payload"] == recorded["payload"]
    assert answer.keys() == recorded.keys()
    assert (answer["v"], answer["type"], answer["ts"]) == (2, "hello_ack", None)
    assert 0 < len(answer["id"]) <= 64
