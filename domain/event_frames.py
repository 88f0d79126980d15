"""Events out of event_batch frames: the good ones, and why the others will never be stored (§5, §6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .canonical import FastCodec
from .events import MAX_ENGINE, MAX_TASK_ID, Event, EventKind, Rejection
from .fields import deeper_than, storable
from .ids import ProjectId, parse_event_id
from .instants import DAY, Instant, parse_instant
from .redaction import UNREDACTED, Redactor

MAX_EVENTS = 5_000
MAX_EVENT_BYTES = 1024 * 1024
"""Schedule snapshots take up to about 768 KiB (agent-protocol.md §9.4)."""
MAX_NESTING = 80
"""Agents cut at 64 levels, but each part of `data` for itself (agent-protocol.md §6.1)."""
MAX_REASON = 200
EARLIEST = parse_instant("2000-01-01T00:00:00Z")

_KINDS: Mapping[Any, EventKind] = {kind.value: kind for kind in EventKind}


def parse_events(
    items: list[Any],
    project_id: ProjectId,
    now: Instant,
    codec: FastCodec,
    redactor: Redactor = UNREDACTED,
) -> tuple[tuple[Event, ...], tuple[Rejection, ...]]:
    """The events of a frame, each read for itself: a bad one does not harm its neighbours."""
    events: list[Event] = []
    rejections: list[Rejection] = []
    for item in items:
        try:
            events.append(_parse(item, project_id, now, codec, redactor))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            rejections.append(Rejection(_id_of(item), _reason(error)))
    return tuple(events), tuple(rejections)


def _parse(
    item: Any, project_id: ProjectId, now: Instant, codec: FastCodec, redactor: Redactor
) -> Event:
    kind = _KINDS.get(item["kind"])
    if kind is None:
        raise ValueError("unknown kind")
    data = item["data"]
    if type(data) is not dict:
        raise ValueError("data is not an object")
    raw = codec.dumps(data)
    if len(raw) > MAX_EVENT_BYTES:
        raise ValueError(f"data is larger than {MAX_EVENT_BYTES} bytes")
    # There are at least as many brackets as levels: almost every event is cleared by counting.
    if raw.count(b"{") + raw.count(b"[") > MAX_NESTING and deeper_than(MAX_NESTING, data):
        raise ValueError(f"data is nested deeper than {MAX_NESTING} levels")
    engine, task_id = item["engine"], item["task_id"]
    if type(engine) is not str or len(engine) > MAX_ENGINE:
        raise ValueError(f"engine is not text of at most {MAX_ENGINE} characters")
    if type(task_id) is not str or len(task_id) > MAX_TASK_ID:
        raise ValueError(f"task_id is not text of at most {MAX_TASK_ID} characters")
    occurred_at = parse_instant(item["occurred_at"])
    if not EARLIEST <= occurred_at <= now + DAY:
        raise ValueError("occurred_at is before 2000 or more than a day ahead")
    data, raw = redactor.document(data, raw, codec)
    return Event(
        project_id,
        parse_event_id(item["id"]),
        kind,
        storable(engine),
        storable(task_id),
        occurred_at,
        now,
        data,
        raw,
    )


def _id_of(item: Any) -> str:
    found = item.get("id") if isinstance(item, dict) else None
    return found[:64] if isinstance(found, str) else ""


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    if isinstance(error, TypeError):
        return "the event or one of its fields is of the wrong type"
    if isinstance(error, RecursionError):
        return f"data is nested deeper than {MAX_NESTING} levels"
    return str(error)[:MAX_REASON]
