"""What real agents said: every hello, heartbeat and event is understood."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.effects import Append, Observe
from taskdeck.domain.event_frames import parse_events
from taskdeck.domain.events import EventKind
from taskdeck.domain.handshake import parse_hello
from taskdeck.domain.health_frames import parse_heartbeat
from taskdeck.domain.ids import ProjectId, render_event_id
from taskdeck.domain.instants import DAY, Instant, parse_instant
from taskdeck.domain.session import AgentSession
from taskdeck.domain.sessions import Hello, LiveSession

PROJECT = ProjectId("p")


def test_hellos(vectors: dict[str, Any], codec: OrjsonCodec) -> None:
    for payload in vectors["captured"]["hello_payloads"]:
        wire = json.dumps({"v": 2, "type": "hello", "payload": payload}).encode()

        hello = parse_hello(wire, codec)

        assert list(hello.engines) == payload["engines"]
        assert list(hello.schedulers) == payload["schedulers"]
        assert {name: sorted(of) for name, of in hello.capabilities.items()} == {
            name: sorted(of) for name, of in payload["capabilities"].items()
        }
        assert hello.worker_id == payload["worker_id"]
        assert hello.worker_pid == payload["worker_pid"]
        assert hello.worker_started_at == parse_instant(payload["worker_started_at"])
        assert sorted(hello.runtime_features) == sorted(payload["runtime_features"])
        assert Hello.from_data(json.loads(json.dumps(hello.to_data()))) == hello


def test_events(vectors: dict[str, Any], codec: OrjsonCodec) -> None:
    items = [each["event"] for each in vectors["captured"]["events"]]
    received_at = max(parse_instant(item["occurred_at"]) for item in items)

    events, rejections = parse_events(items, PROJECT, received_at, codec)

    assert rejections == ()
    assert len(events) == len(items) == 44
    for event, item in zip(events, items, strict=True):
        assert render_event_id(event.id) == item["id"]
        assert event.kind is EventKind(item["kind"])
        assert (event.engine, event.task_id) == (item["engine"], item["task_id"])
        assert event.occurred_at == parse_instant(item["occurred_at"])
        assert event.received_at == received_at
        assert event.data == json.loads(event.raw) == item["data"]


def test_events_of_the_signed_vectors_reach_the_store(
    vectors: dict[str, Any], open_session: Callable[[], AgentSession], now: Instant
) -> None:
    batches = [each for each in vectors["signed_frames"] if each["type"] == "event_batch"]
    assert batches

    for each in batches:
        frame = json.loads(each["wire"])
        sent = frame["payload"]["events"]
        (effect,) = open_session().receive(each["wire"].encode(), now)
        assert isinstance(effect, Append)
        assert (effect.frame_id, effect.received) == (frame["id"], len(sent))
        assert effect.rejections == ()
        assert [json.loads(event.raw) for event in effect.events] == [e["data"] for e in sent]


def test_heartbeats(vectors: dict[str, Any], live: LiveSession, codec: OrjsonCodec) -> None:
    payloads = vectors["captured"]["heartbeat_payloads"]
    at = live.opened_at

    reports = [parse_heartbeat(payload, live, at, codec) for payload in payloads]

    for report, payload in zip(reports, payloads, strict=True):
        assert report.buffer_depth == payload["buffer_size"]
        assert report.dropped_events == payload["dropped_events"]
        assert report.loss is not None
        assert report.loss.buffer_id == payload["telemetry_loss"]["buffer_id"]
        assert report.loss.adapter_events == payload["telemetry_loss"]["adapter_events"]
    rq = reports[2]
    assert rq.adapters == {"rq.broker_type": "redis", "rq.broker_connected": "True"}
    assert rq.queue_depths == {"rq": {"default": 0}}
    assert reports[1].queue_depths is None
    assert reports[4].adapters == {"error": "provider timed out"}


def test_worker_finds_itself_among_all_nodes(
    vectors: dict[str, Any], live: LiveSession, codec: OrjsonCodec
) -> None:
    payload = vectors["captured"]["heartbeat_payloads"][0]
    worker = replace(live, hello=replace(live.hello, worker_pid=6284))

    report = parse_heartbeat(payload, worker, live.opened_at, codec)
    stranger = parse_heartbeat(payload, live, live.opened_at, codec)

    assert report.node == "w1@h"
    assert report.adapters is not None
    assert report.adapters["celery.concurrency"] == "1"
    assert report.adapters["celery.pool"] == "celery.concurrency.prefork:TaskPool"
    assert "celery.worker_details" not in report.adapters
    assert report.queue_depths == {"celery": {}}
    assert stranger.node is None


def test_containers_with_equal_pids_are_not_confused(
    vectors: dict[str, Any], live: LiveSession, codec: OrjsonCodec
) -> None:
    nodes = {f"{name}@h": {"stats": {"pid": 7, "uptime": 1}} for name in ("w1", "w2")}
    payload = {"adapter_health": {"celery.worker_details": json.dumps(nodes)}}
    worker = replace(live, hello=replace(live.hello, worker_pid=7))

    report = parse_heartbeat(payload, worker, live.opened_at, codec)

    assert (report.node, report.adapters) == (None, {})


def test_heartbeats_in_a_session(
    vectors: dict[str, Any],
    session: AgentSession,
    agent_frame: Callable[..., bytes],
    now: Instant,
) -> None:
    for payload in vectors["captured"]["heartbeat_payloads"]:
        (effect,) = session.receive(agent_frame("heartbeat", payload), now)
        assert isinstance(effect, Observe)
        assert effect.report.slot == session.live.slot
        assert effect.report.at == now


def test_events_from_buffers_of_long_ago_are_taken(
    vectors: dict[str, Any], codec: OrjsonCodec
) -> None:
    item = vectors["captured"]["events"][0]["event"]
    received_at = parse_instant(item["occurred_at"]) + 90 * DAY

    events, _ = parse_events([item], PROJECT, received_at, codec)

    assert events[0].occurred_at == received_at - 90 * DAY
