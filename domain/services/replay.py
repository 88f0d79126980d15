"""Rebuilding the views from the two logs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...ports.event_store import EventStore
from ...ports.journal import Journal
from ...ports.projection_store import ProjectionStore
from ..errors import BatchTooWide
from ..events import Event
from ..journal import Recorded

SLICE = 2_000


async def replay(
    *,
    events: EventStore,
    journal: Journal,
    views: ProjectionStore,
    progress: Callable[[int], None],
) -> int:
    """Throw the views away and fold both logs again; returns how many rows were folded.

    Nobody else may write meanwhile. `progress` hears the number of rows of each slice.
    """
    await views.reset()
    folded = 0
    cursor = None
    while entries := await journal.follow(cursor, limit=SLICE):
        await _rebuild(views, (), entries)
        cursor = entries[-1].cursor
        folded += len(entries)
        progress(len(entries))
    async for chunk in events.scan(chunk=SLICE):
        await _rebuild(views, chunk, ())
        folded += len(chunk)
        progress(len(chunk))
    return folded


async def _rebuild(
    views: ProjectionStore, events: Sequence[Event], entries: Sequence[Recorded]
) -> None:
    try:
        await views.rebuild(events=events, entries=entries)
    except BatchTooWide:
        of_events, of_entries = len(events) // 2, len(entries) // 2
        await _rebuild(views, events[:of_events], entries[:of_entries])
        await _rebuild(views, events[of_events:], entries[of_entries:])
