"""Tasks and events as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...domain.events import Event
from ...domain.ids import render_event_id
from ...domain.instants import Instant
from ...domain.projections.attempts import Attempt
from ...domain.projections.tasks import Task, TaskKey
from ...domain.queries import Searched
from ...domain.services.queries import TaskDetail
from .render import milliseconds, time
from .render_commands import render_command

SHORT_FIELDS = (
    "queue",
    "worker",
    "priority",
    "tags",
    "exception",
    "exception_message",
    "reason",
    "parent_task_id",
    "root_task_id",
    "description",
    "expected_duration_ms",
    "deadline_ms",
)
LONG_FIELDS = ("args", "kwargs", "result", "traceback")
"""Left out of listings: each may be megabytes."""


def render_tasks(tasks: Iterable[Task], lost: Mapping[TaskKey, Instant]) -> list[dict[str, Any]]:
    """`lost` says which may be lost, and since when."""
    return [render_task(task, lost_since=lost.get(task.key)) for task in tasks]


def render_task(task: Task, *, lost_since: Instant | None = None) -> dict[str, Any]:
    """A task as listings show it."""
    last = task.attempts[-1]
    return {
        "engine": task.key.engine,
        "task_id": task.key.task_id,
        "name": task.name or None,
        "state": task.state.value,
        **{name: task.field(name) for name in SHORT_FIELDS},
        "fingerprint": task.fingerprint,
        "attempts": task.attempt_count,
        "runtime_ms": milliseconds(last.runtime_us),
        "wait_ms": milliseconds(last.wait_us),
        "received_at": time(last.received_at),
        "started_at": time(last.started_at),
        "finished_at": time(last.ended_at),
        "first_seen_at": time(task.first_seen_at),
        "last_event_at": time(task.last_event_at),
        "lost_since": time(lost_since),
    }


def render_searched(searched: Searched) -> dict[str, Any]:
    """How far a list looked back for what it shows."""
    return {"complete": searched.complete, "back_to": time(searched.back_to)}


def render_task_detail(
    detail: TaskDetail, names: Mapping[str, str], *, lost_since: Instant | None
) -> dict[str, Any]:
    """All of a task, with what happened to it. `names` are of those who issued its commands."""
    task = detail.task
    return {
        **render_task(task, lost_since=lost_since),
        **{name: task.field(name) for name in LONG_FIELDS},
        "history": [_attempt(attempt) for attempt in task.attempts],
        "timeline": [
            {**render_event(event), "repeats": event.id in detail.repeats}
            for event in detail.events
        ],
        "commands": [render_command(command, names) for command in detail.commands],
        "parent": None if detail.parent is None else render_task(detail.parent),
        "children": [render_task(child) for child in detail.children],
    }


def render_event(event: Event) -> dict[str, Any]:
    return {
        "id": render_event_id(event.id),
        "kind": event.kind.value,
        "engine": event.engine,
        "task_id": event.task_id,
        "occurred_at": time(event.occurred_at),
        "received_at": time(event.received_at),
        "data": event.data,
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "state": attempt.rank.name.lower(),
        "received_at": time(attempt.received_at),
        "started_at": time(attempt.started_at),
        "finished_at": time(attempt.ended_at),
        "runtime_ms": milliseconds(attempt.runtime_us),
        "wait_ms": milliseconds(attempt.wait_us),
    }
