"""What the journal keeps of sessions: stream `session:<id>`, opened and then closed, never more."""

from __future__ import annotations

from .ids import ProjectId, SessionId, WorkerSlot
from .instants import Instant
from .journal import Entry, Write
from .sessions import LiveSession

OPENED = "session.opened"
CLOSED = "session.closed"
LOST = "connection lost"
"""Why a session closed: without a word."""
ENDED_BY_WORKER = "ended by the worker"
"""With a WebSocket's normal end, as agents say it when their process stops in order."""


def opened(live: LiveSession) -> Entry:
    return Entry(
        kind=OPENED,
        at=live.opened_at,
        actor=f"agent:{live.agent_id}",
        project_id=live.project_id,
        data={"session_id": live.session_id, "agent_id": live.agent_id, **live.hello.to_data()},
    )


def closed(
    session_id: SessionId,
    project_id: ProjectId,
    slot: WorkerSlot,
    *,
    reason: str,
    at: Instant,
    actor: str,
) -> Entry:
    data = {
        "session_id": session_id,
        "agent_id": slot.agent_id,
        "worker_id": slot.worker_id,
        "reason": reason,
    }
    return Entry(kind=CLOSED, at=at, actor=actor, project_id=project_id, data=data)


def write(session_id: SessionId, *entries: Entry) -> Write:
    """An opening comes first in its stream, a closing on its own second."""
    return Write(
        stream=f"session:{session_id}",
        expected_version=0 if entries[0].kind == OPENED else 1,
        entries=entries,
    )
