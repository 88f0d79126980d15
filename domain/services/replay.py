"""Rebuilding the views from the two logs."""

from __future__ import annotations

from collections.abc import Callable

from ...ports.event_store import EventStore
from ...ports.journal import Journal
from ...ports.projection_store import ProjectionStore

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
        await views.rebuild(events=(), entries=entries)
        cursor = entries[-1].cursor
        folded += len(entries)
        progress(len(entries))
    async for chunk in events.scan(chunk=SLICE):
        await views.rebuild(events=chunk, entries=())
        folded += len(chunk)
        progress(len(chunk))
    return folded
