"""What `render_commands` answers."""

from __future__ import annotations

from ...domain.commands import CommandStatus
from .schema import (
    FLAG,
    OBJECT,
    TEXT,
    TIME,
    WHOLE,
    Schema,
    list_of,
    nullable,
    object_of,
    one_of,
)

DELIVERY = object_of(
    agent_id=TEXT, worker_id=TEXT, session_id=TEXT, at=TIME, confirmed_depth=nullable(WHOLE)
)
LATE_RESULT = object_of(succeeded=FLAG, result=nullable(OBJECT), error=nullable(TEXT), at=TIME)
_FIELDS: dict[str, Schema] = {
    "id": TEXT,
    "action": TEXT,
    "engine": TEXT,
    "agent_id": nullable(TEXT),
    "worker_id": nullable(TEXT),
    "task_id": nullable(TEXT),
    "queue": nullable(TEXT),
    "parameters": OBJECT,
    "timeout_seconds": WHOLE,
    "idempotency_key": nullable(TEXT),
    "issued_by": TEXT,
    "issued_by_name": TEXT,
    "attempts": WHOLE,
    "result": nullable(OBJECT),
    "error": nullable(TEXT),
    "note": nullable(TEXT),
    "status": one_of(CommandStatus),
    "final": FLAG,
    "issued_at": TIME,
    "deadline": TIME,
    "acknowledged_at": nullable(TIME),
    "session_lost_at": nullable(TIME),
    "finished_at": nullable(TIME),
    "delivery": nullable(DELIVERY),
    "late_result": nullable(LATE_RESULT),
}
COMMAND = object_of("Command", **_FIELDS)
ISSUED = object_of("IssuedCommand", **_FIELDS, advice=list_of(TEXT))
