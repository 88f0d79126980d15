"""What a session asks for when a good frame arrives."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from taskdeck.domain.effects import Append, CommandFinished, CommandTaken, Observe
from taskdeck.domain.events import EventKind
from taskdeck.domain.health import LossCounters
from taskdeck.domain.instants import SECOND, Instant, parse_instant, render_instant
from taskdeck.domain.session import AgentSession

Frame = Callable[..., bytes]
LOSS = {
    "buffer_id": "b", "runtime_id": "r:1", "capacity_evicted_frames": 3,
    "content_rejected_frames": 1, "event_records": 4, "command_results": 0, "other_frames": 0,
    "unclassified_frames": 0, "adapter_events": {"celery": 5},
}  # fmt: skip


def test_heartbeat(session: AgentSession, agent_frame: Frame, now: Instant) -> None:
    payload = {
        "buffer_size": 7, "last_flush_at": "2026-02-03T04:05:00Z", "dropped_events": 2,
        "telemetry_loss": LOSS,
        "adapter_health": {"celery.broker_type": "redis", "celery.queue_depths": '{"q": 3}'},
    }  # fmt: skip

    (effect,) = session.receive(agent_frame("heartbeat", payload), now)

    assert isinstance(effect, Observe)
    report = effect.report
    assert (report.slot, report.project_id) == (session.live.slot, session.live.project_id)
    assert report.at == now
    assert (report.buffer_depth, report.dropped_events) == (7, 2)
    assert report.last_flush_at == parse_instant("2026-02-03T04:05:00Z")
    assert report.adapters == {"celery.broker_type": "redis"}
    assert report.queue_depths == {"celery": {"q": 3}}
    (depth,) = effect.events
    assert depth.kind is EventKind.QUEUE_DEPTH_REPORT
    assert (depth.engine, depth.data) == ("celery", {"queue": "q", "depth": 3})


def test_loss_counters(session: AgentSession, agent_frame: Frame, now: Instant) -> None:
    (effect,) = session.receive(agent_frame("heartbeat", {"telemetry_loss": LOSS}), now)

    assert isinstance(effect, Observe)
    assert effect.report.loss == LossCounters(
        buffer_id="b",
        runtime_id="r:1",
        buffer_totals={
            "capacity_evicted_frames": 3,
            "content_rejected_frames": 1,
            "event_records": 4,
            "command_results": 0,
            "other_frames": 0,
            "unclassified_frames": 0,
        },
        adapter_events={"celery": 5},
    )


def test_unchanged_depths_are_not_told_again(
    session: AgentSession, agent_frame: Frame, now: Instant
) -> None:
    payload = {"adapter_health": {"celery.queue_depths": '{"q": 3}'}}
    session.receive(agent_frame("heartbeat", payload), now)

    (effect,) = session.receive(agent_frame("heartbeat", payload), now + 10 * SECOND)

    assert isinstance(effect, Observe)
    assert effect.events == ()
    assert effect.report.queue_depths == {"celery": {"q": 3}}


def test_agent_status(session: AgentSession, agent_frame: Frame, now: Instant) -> None:
    payload = {
        "telemetry_loss": LOSS, "auth_failure_streak": 0, "protocol_failure_streak": 0,
        "connection_failure_streak": 4, "last_successful_connect_at": None, "buffer_depth": 9,
        "agent_version": "1.13.0", "protocol_version": "2", "engines": [], "schedulers": [],
    }  # fmt: skip

    (effect,) = session.receive(agent_frame("agent_status", payload), now)

    assert isinstance(effect, Observe)
    assert effect.events == ()
    assert (effect.report.connection_failures, effect.report.buffer_depth) == (4, 9)
    assert effect.report.loss is not None
    assert effect.report.adapters is None, "a status says nothing of adapters"


def test_event_batch(session: AgentSession, agent_frame: Frame, now: Instant) -> None:
    event = {
        "id": "00000000-0000-4000-8000-000000000001", "kind": "task.started", "engine": "rq",
        "task_id": "t1", "occurred_at": render_instant(now - SECOND), "data": {"a": 1},
    }  # fmt: skip

    (effect,) = session.receive(agent_frame("event_batch", {"events": [event]}, id="ev_1"), now)

    assert isinstance(effect, Append)
    assert (effect.frame_id, effect.received, effect.rejections) == ("ev_1", 1, ())
    (kept,) = effect.events
    assert kept.project_id == session.live.project_id
    assert (kept.occurred_at, kept.received_at) == (now - SECOND, now)


@pytest.mark.parametrize("token", ["token", None])
def test_command_taken(
    token: str | None, session: AgentSession, agent_frame: Frame, now: Instant
) -> None:
    wire = agent_frame("command_ack", {"delivery_claim_token": token}, id="c-1")

    assert session.receive(wire, now) == (CommandTaken("c-1", token),)


@pytest.mark.parametrize(
    ("payload", "finished"),
    [
        (
            {"status": "success", "result": {"n": 1}, "error": None, "delivery_claim_token": "t"},
            CommandFinished("c-1", "t", succeeded=True, result={"n": 1}, error=None),
        ),
        (
            {"status": "failed", "result": None, "error": "x" * 9_000},
            CommandFinished("c-1", None, succeeded=False, result=None, error="x" * 8_192),
        ),
        (
            {"status": "failed", "result": ["odd"], "error": {"odd": 1}},
            CommandFinished("c-1", None, succeeded=False, result=None, error=None),
        ),
        (
            {"status": "success", "result": {"deep": json.loads("[" * 100 + "]" * 100)}},
            CommandFinished(
                "c-1",
                None,
                succeeded=True,
                error=None,
                result={"omitted": "the result was nested deeper than 80 levels"},
            ),
        ),
        (
            {"status": "success", "result": {"big": 2**70, "small": 1e-5}},
            CommandFinished(
                "c-1", None, succeeded=True, result={"big": 2**70, "small": 1e-5}, error=None
            ),
        ),
    ],
)
def test_command_finished(
    payload: dict[str, Any],
    finished: CommandFinished,
    session: AgentSession,
    agent_frame: Frame,
    now: Instant,
) -> None:
    assert session.receive(agent_frame("command_result", payload, id="c-1"), now) == (finished,)


@pytest.mark.parametrize("kind", ["registry_delta", "error"])
def test_frames_that_ask_for_nothing(
    kind: str, session: AgentSession, agent_frame: Frame, now: Instant
) -> None:
    assert session.receive(agent_frame(kind, {"code": "x", "fatal": True}), now) == ()


def test_last_seen(session: AgentSession, agent_frame: Frame, now: Instant) -> None:
    """Frames and pings are signs of life; what is refused is none."""
    assert session.last_seen == session.live.opened_at

    session.receive(agent_frame("heartbeat", {}), now + SECOND)
    session.receive(b"garbage", now + 2 * SECOND)
    assert session.last_seen == now + SECOND

    session.touch(now + 3 * SECOND)
    assert session.last_seen == now + 3 * SECOND
