"""The event log in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from itertools import islice

from ...domain.batching import Batch
from ...domain.events import Event
from ...domain.ids import ProjectId
from ...domain.paging import decode_cursor, encode_cursor
from ...domain.queries import EventFilter, EventPage
from ...ports.event_store import Appended
from .state import MemoryState


class MemoryEventStore:
    """Satisfies `EventStore`."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def append(self, batch: Batch) -> Appended:
        stored, counted = self._state.append_batch(batch)
        return Appended(stored, len(batch.events) - stored, counted)

    async def read(
        self,
        project_id: ProjectId,
        where: EventFilter,
        *,
        after: str | None = None,
        newest_first: bool = False,
        limit: int = 100,
    ) -> EventPage:
        (place,) = decode_cursor(after, int) if after is not None else (None,)
        rows = list(enumerate(self._state.events.values(), start=self._state.pruned + 1))
        if newest_first:
            rows.reverse()
        found = (
            (number, event)
            for number, event in rows
            if event.project_id == project_id
            and where.matches(event)
            and (place is None or (number < place if newest_first else number > place))
        )
        page = list(islice(found, limit + 1))
        more, page = len(page) > limit, page[:limit]
        next_cursor = encode_cursor(page[-1][0]) if page else after
        if newest_first and not more:
            next_cursor = None
        return EventPage(tuple(event for _, event in page), next_cursor)

    async def scan(self, *, chunk: int = 1_000) -> AsyncIterator[Sequence[Event]]:
        events = list(self._state.events.values())
        for start in range(0, len(events), chunk):
            yield events[start : start + chunk]

    async def count(self) -> int:
        return len(self._state.events)
