"""What `render_tasks` answers."""

from __future__ import annotations

from ...domain.events import EventKind
from ...domain.projections.tasks import TaskState
from .render_tasks import LONG_FIELDS, SHORT_FIELDS
from .schema import (
    FLAG,
    NUMBER,
    OBJECT,
    REPORTED,
    TEXT,
    TIME,
    WHOLE,
    Schema,
    list_of,
    nullable,
    object_of,
    one_of,
)
from .schema_commands import COMMAND

_TIMES: dict[str, Schema] = {
    "received_at": nullable(TIME),
    "started_at": nullable(TIME),
    "finished_at": nullable(TIME),
    "runtime_ms": nullable(NUMBER),
    "wait_ms": nullable(NUMBER),
}
_FIELDS: dict[str, Schema] = {
    "engine": TEXT,
    "task_id": TEXT,
    "name": nullable(TEXT),
    "state": one_of(TaskState),
    **dict.fromkeys(SHORT_FIELDS, REPORTED),
    "fingerprint": nullable(TEXT),
    "attempts": WHOLE,
    **_TIMES,
    "first_seen_at": TIME,
    "last_event_at": TIME,
    "lost_since": nullable(TIME),
}
TASK = object_of("Task", **_FIELDS)
SEARCHED = object_of("Searched", complete=FLAG, back_to=nullable(TIME))
_EVENT: dict[str, Schema] = {
    "id": TEXT,
    "kind": one_of(EventKind),
    "engine": TEXT,
    "task_id": TEXT,
    "occurred_at": TIME,
    "received_at": TIME,
    "data": OBJECT,
}
EVENT = object_of("Event", **_EVENT)
ATTEMPT = object_of("Attempt", state=TEXT, **_TIMES)
TASK_DETAIL = object_of(
    "TaskDetail",
    **_FIELDS,
    **dict.fromkeys(LONG_FIELDS, REPORTED),
    history=list_of(ATTEMPT),
    timeline=list_of(object_of("TimelineEvent", **_EVENT, repeats=FLAG)),
    commands=list_of(COMMAND),
    parent=nullable(TASK),
    children=list_of(TASK),
)
