"""What an event says of a task's fields, cleaned of the agents' habits (agent-protocol.md §6.3-6.4)."""

from __future__ import annotations

from typing import Any

from ..canonical import canonical_json
from ..events import Event, EventKind
from ..fields import name_of
from .failures import Failure, read_failure

FAILURE_FIELDS = frozenset({"exception", "exception_message", "traceback", "reason"})
"""What went wrong; says nothing of a task that succeeded after all."""

_PLAIN_FIELDS = frozenset(
    {
        "args",
        "deadline_ms",
        "description",
        "expected_duration_ms",
        "kwargs",
        "priority",
        "reason",
        "result",
        "root_task_id",
        "tags",
        "worker",
    }
)
_DELAY_QUEUE = ".DQ"
MAX_VALUE = 64 * 1024
"""Bytes of one field as JSON."""


def fields_of(event: Event) -> dict[str, Any]:
    """The fields that the event knows; what it leaves out or holds as null says nothing."""
    data = event.data
    known = {
        name: value for name, value in data.items() if value is not None and name in _PLAIN_FIELDS
    }
    name = data.get("task_name")
    if isinstance(name, str) and is_real_name(name):
        known["name"] = name_of(name)
    queue = data.get("queue")
    if isinstance(queue, str) and queue:
        plain = queue.removesuffix(_DELAY_QUEUE) if event.engine == "dramatiq" else queue
        known["queue"] = name_of(plain)
    worker = known.get("worker")
    if isinstance(worker, str):
        known["worker"] = name_of(worker)
    parent = data.get("parent_task_id")
    if parent is not None and parent != event.task_id:
        known["parent_task_id"] = parent
    if event.kind in (EventKind.TASK_FAILED, EventKind.TASK_RETRIED):
        known.update(_failure_fields(read_failure(data)))
    if len(event.raw) > MAX_VALUE:
        known = {field: _abridged(value) for field, value in known.items()}
    return known


def _abridged(value: Any) -> Any:
    """A view is read and written with every event of its task: what is huge stays in the log."""
    size = len(canonical_json(value))
    return value if size <= MAX_VALUE else f"<{size} bytes, see the events of the task>"


def is_real_name(name: str) -> bool:
    """Whether it names a task, rather than saying that the agent does not know it."""
    return bool(name) and name != "unknown" and not name.startswith("<unknown:")


def _failure_fields(failure: Failure) -> dict[str, Any]:
    return {
        field: value
        for field, value in (
            ("exception", failure.exception),
            ("exception_message", failure.message),
            ("traceback", failure.traceback),
        )
        if value is not None
    }
