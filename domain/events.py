"""Events: facts that agents report (agent-protocol.md §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .ids import EventId, ProjectId
from .instants import Instant

MAX_TASK_ID = 200
MAX_ENGINE = 40


class EventKind(StrEnum):
    """Every kind that protocol 2 defines; §6.2 says which ones agents send."""

    TASK_SENT = "task.sent"
    TASK_RECEIVED = "task.received"
    TASK_STARTED = "task.started"
    TASK_SUCCEEDED = "task.succeeded"
    TASK_FAILED = "task.failed"
    TASK_RETRIED = "task.retried"
    TASK_REVOKED = "task.revoked"
    TASK_REJECTED = "task.rejected"
    WORKER_ONLINE = "worker.online"
    WORKER_OFFLINE = "worker.offline"
    WORKER_HEARTBEAT = "worker.heartbeat"
    QUEUE_DEPTH_REPORT = "queue.depth_report"
    SCHEDULE_SNAPSHOT = "schedule.snapshot"
    SCHEDULE_CREATED = "schedule.created"
    SCHEDULE_UPDATED = "schedule.updated"
    SCHEDULE_DELETED = "schedule.deleted"
    SCHEDULE_RUN_STARTED = "schedule.run_started"
    SCHEDULE_RUN_COMPLETED = "schedule.run_completed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. Immutable, stored once under `(project_id, id)`.

    `data` is what the agent sent, redacted there and here (`redaction.py`); `raw` is the same as JSON
    text, kept so that stores need not encode it again. `received_at` is the brain's clock at arrival.
    """

    project_id: ProjectId
    id: EventId
    kind: EventKind
    engine: str
    task_id: str
    occurred_at: Instant
    received_at: Instant
    data: Mapping[str, Any]
    raw: bytes


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why one event of a frame will never be stored. It is acknowledged all the same (§5)."""

    event_id: str
    reason: str
