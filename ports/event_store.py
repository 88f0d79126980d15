"""Where events are made durable, together with the views folded from them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..domain.batching import Batch
from ..domain.events import Event
from ..domain.ids import ProjectId
from ..domain.projections.tally import NOTHING, Tally
from ..domain.queries import EventFilter, EventPage


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of a batch: new events, and ones that had been stored before."""

    stored: int
    duplicates: int
    tally: Tally = NOTHING
    """What the new ones made of tasks and queues."""


class EventStore(Protocol):
    """The log of what agents report.

    `append` is atomic and idempotent: when it returns, every event of the batch is durable exactly
    once under `(project_id, id)` and the task, queue, statistics and health views show it; when it
    raises, nothing of the batch is. Of two events with one id the first stands, and the views know
    no other. Raises StoreUnavailable when the same batch may succeed later and StoreRejected when
    some item of it never will, or, as BatchTooWide, when it is to come in parts. One event never is
    too wide.
    """

    async def append(self, batch: Batch) -> Appended: ...

    async def read(
        self,
        project_id: ProjectId,
        where: EventFilter,
        *,
        after: str | None = None,
        newest_first: bool = False,
        limit: int = 100,
    ) -> EventPage:
        """A page of events after the opaque cursor, in the order they were stored.

        The cursor of such a page also serves later, to go on with what came meanwhile. Where
        nothing came, it is the one that was given. `newest_first` pages backwards from the end;
        there `next_cursor` is None on the last page.
        """
        ...

    def scan(self, *, chunk: int = 1_000) -> AsyncIterator[Sequence[Event]]:
        """Every event of every project once, in storage order, for replay."""
        ...

    async def count(self) -> int:
        """Roughly how many events `scan` will give, for a progress bar."""
        ...
