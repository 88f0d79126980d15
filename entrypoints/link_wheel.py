"""What all agent links of a brain share: admission, one timer, and the work of opening and closing."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from ..domain.instants import SECOND, Instant
from ..ports.clock import Clock

HELLO_SECONDS = 10
CLOSE_SECONDS = 5
MOST_PENDING = 2_000


class Overdue(Protocol):
    """A link whose time may run out."""

    def expire(self) -> None: ...


class LinkWheel:
    """Deadlines of links, looked at once a second: no task and no timer a connection."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._deadlines: dict[Overdue, Instant] = {}
        self._pending: set[Overdue] = set()
        self._working: set[asyncio.Task[None]] = set()

    @property
    def full(self) -> bool:
        """Too many links wait for their hello; more are turned away."""
        return len(self._pending) >= MOST_PENDING

    def now(self) -> Instant:
        return self._clock.now()

    def await_hello(self, link: Overdue) -> None:
        self._pending.add(link)
        self._deadlines[link] = self.now() + HELLO_SECONDS * SECOND

    def await_close(self, link: Overdue) -> None:
        """The peer has a while to take what was sent and to close."""
        self._pending.discard(link)
        self._deadlines[link] = self.now() + CLOSE_SECONDS * SECOND

    def admitted(self, link: Overdue) -> None:
        self._pending.discard(link)
        self._deadlines.pop(link, None)

    gone = admitted

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run the opening or closing of a session to its end."""
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def settled(self) -> None:
        """Wait until no opening or closing is under way."""
        while self._working:
            await asyncio.wait(self._working)

    async def all_closed(self) -> None:
        """Wait until every link that was told to close is gone."""
        while self._deadlines:
            await self._clock.sleep(0.02)

    def tick(self, now: Instant) -> None:
        for link in [link for link, deadline in self._deadlines.items() if deadline <= now]:
            del self._deadlines[link]
            self._pending.discard(link)
            link.expire()
