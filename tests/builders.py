"""Facts for tests, with everything that does not matter filled in."""

from __future__ import annotations

import json
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from taskdeck.domain.events import Event, EventKind
from taskdeck.domain.health import HealthReport
from taskdeck.domain.ids import AgentId, EventId, ProjectId, SessionId, WorkerSlot
from taskdeck.domain.instants import SECOND, Instant
from taskdeck.domain.journal import Entry, Write
from taskdeck.domain.sessions import Hello, LiveSession

NOW = 1_790_000_000 * SECOND
PROJECT = ProjectId("11111111-2222-4333-8444-555555555555")
OTHER = ProjectId("99999999-2222-4333-8444-555555555555")
AGENT = AgentId("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee")


def event_id(name: object) -> EventId:
    return EventId(uuid5(NAMESPACE_OID, str(name)).bytes)


def event(
    kind: str,
    task_id: str = "t1",
    *,
    at: Instant = NOW,
    name: object = None,
    project_id: ProjectId = PROJECT,
    engine: str = "huey",
    **data: Any,
) -> Event:
    """An event whose id follows from its content, or from `name`."""
    identity = name if name is not None else (project_id, kind, task_id, at, engine, data)
    return Event(
        project_id=project_id,
        id=event_id(identity),
        kind=EventKind(kind),
        engine=engine,
        task_id=task_id,
        occurred_at=at,
        received_at=at,
        data=data,
        raw=json.dumps(data).encode(),
    )


def run_of(
    task_id: str, *, at: Instant = NOW, outcome: str = "succeeded", **data: Any
) -> list[Event]:
    """A whole run: received, started a second later, ended two seconds after that."""
    data.setdefault("task_name", "shop.pay")
    return [
        event("task.received", task_id, at=at, **data),
        event("task.started", task_id, at=at + SECOND, **data),
        event(f"task.{outcome}", task_id, at=at + 3 * SECOND, **data),
    ]


def hello(worker_id: str = "bare-1-1", **changes: Any) -> Hello:
    values: dict[str, Any] = {
        "agent_version": "1.13.0",
        "framework": "bare",
        "engines": ("celery",),
        "schedulers": (),
        "capabilities": {"celery": frozenset({"cancel_task", "retry_task", "submit_task"})},
        "host_name": "",
        "worker_id": worker_id,
        "worker_role": None,
        "worker_pid": 1,
        "worker_started_at": None,
        "runtime_features": frozenset({"retry_by_reference"}),
    }
    return Hello(**values | changes)


def live_session(name: str = "s1", *, at: Instant = NOW, **changes: Any) -> LiveSession:
    return LiveSession(
        session_id=SessionId(name),
        project_id=PROJECT,
        agent_id=AGENT,
        hello=hello(**changes),
        opened_at=at,
    )


def report(worker_id: str = "bare-1-1", *, at: Instant = NOW, **changes: Any) -> HealthReport:
    return HealthReport(project_id=PROJECT, slot=WorkerSlot(AGENT, worker_id), at=at, **changes)


def entry(
    kind: str,
    *,
    at: Instant = NOW,
    actor: str = "test",
    project_id: ProjectId = PROJECT,
    **data: Any,
) -> Entry:
    return Entry(kind=kind, at=at, actor=actor, project_id=project_id, data=data)


def write(stream: str, expected_version: int, *entries: Entry) -> Write:
    return Write(stream=stream, expected_version=expected_version, entries=entries)


def session_opened(live: LiveSession) -> Write:
    data = {"session_id": live.session_id, "agent_id": live.agent_id, **live.hello.to_data()}
    opened = entry("session.opened", at=live.opened_at, **data)
    return write(f"session:{live.session_id}", 0, opened)


def session_closed(live: LiveSession, *, at: Instant, reason: str = "closed") -> Write:
    closed = entry(
        "session.closed",
        at=at,
        session_id=live.session_id,
        agent_id=live.agent_id,
        worker_id=live.hello.worker_id,
        reason=reason,
    )
    return write(f"session:{live.session_id}", 1, closed)
