"""Which events of a task say again what another one told, so that people need not wonder."""

from __future__ import annotations

from collections.abc import Iterable

from ..events import Event
from ..ids import EventId
from .copies import without_copies
from .marks import RANKS, Source, mark_of


def repeats(events: Iterable[Event]) -> frozenset[EventId]:
    """Those of Celery's monitor that are copies, of events of one task."""
    marked = sorted((mark_of(event), event.id) for event in events if event.kind in RANKS)
    marks = sorted({mark for mark, _ in marked})
    # Of an original the runtime may have become that of its copy.
    told = {mark[:3] for mark in without_copies(marks, False)}
    found = set()
    for (at, rank, source, _), event_id in marked:
        if source == Source.DIRECT:
            continue
        if (at, rank, source) in told:
            told.remove((at, rank, source))
        else:
            found.add(event_id)
    return frozenset(found)
