"""What a task has to be searched by; the same values that the API shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from ..projections.tasks import Task
from .leaves import leaves_at, texts_in
from .terms import Measure, Name, Path, Prose, Root

PROSE_FIELDS: Mapping[Prose, tuple[str, ...]] = {
    Prose.TEXT: ("args", "kwargs", "result", "exception", "exception_message"),
    Prose.ERROR: ("exception", "exception_message"),
    Prose.EXCEPTION: ("exception",),
    Prose.MESSAGE: ("exception_message",),
}
ROOT_FIELDS: Mapping[Root, tuple[str, ...]] = {
    Root.ARGS: ("args", "kwargs"),
    Root.KWARGS: ("kwargs",),
    Root.RESULT: ("result",),
}


def names_of(task: Task, field: Name) -> Iterator[str]:
    match field:
        case Name.ID:
            yield task.key.task_id
        case Name.NAME:
            yield task.name
        case Name.ENGINE:
            yield task.key.engine
        case Name.QUEUE | Name.WORKER:
            yield from _text(task.field(field.value))
        case Name.PARENT | Name.ROOT:
            yield from _text(task.field(f"{field}_task_id"))
        case Name.TAG:
            yield from texts_in(task.field("tags"))
        case Name.PRIORITY:
            yield from texts_in(task.field("priority"))
        case Name.FINGERPRINT:
            yield from _text(task.fingerprint)
        case _:
            assert_never(field)


def prose_of(task: Task, field: Prose) -> Iterator[str]:
    if field is Prose.TEXT:
        yield task.key.task_id
        yield task.name
    for name in PROSE_FIELDS[field]:
        yield from texts_in(task.field(name))


def measure_of(task: Task, field: Measure) -> int | float | None:
    """Times and durations are those of the last attempt."""
    last = task.attempts[-1]
    match field:
        case Measure.ATTEMPTS:
            return task.attempt_count
        case Measure.LAST_EVENT:
            return task.last_event_at
        case Measure.RUNTIME:
            return last.runtime_us
        case Measure.WAIT:
            return last.wait_us
        case Measure.RECEIVED:
            return last.received_at
        case Measure.STARTED:
            return last.started_at
        case Measure.FINISHED:
            return last.ended_at
        case _:
            assert_never(field)


def leaves_of(task: Task, path: Path) -> Iterator[Any]:
    for name in ROOT_FIELDS[path.root]:
        value = task.field(name)
        if value is not None:
            yield from leaves_at(value, path.keys)


def _text(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
