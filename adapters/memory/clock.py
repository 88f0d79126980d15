"""A clock that stands still until it is told to move."""

from __future__ import annotations

import asyncio
import heapq
from itertools import count

from ...domain.instants import SECOND, Instant


class ManualClock:
    """Satisfies `Clock`. `advance` wakes the sleepers whose time has come, in order."""

    def __init__(self, now: Instant = 1_700_000_000 * SECOND) -> None:
        self._now = now
        self._order = count()
        self._sleepers: list[tuple[Instant, int, asyncio.Future[None]]] = []

    def now(self) -> Instant:
        return self._now

    async def sleep(self, seconds: float) -> None:
        until = self._now + int(seconds * SECOND)
        if until <= self._now:
            await asyncio.sleep(0)
            return
        wakes = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (until, next(self._order), wakes))
        await wakes

    def advance(self, seconds: float) -> None:
        self._now += int(seconds * SECOND)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            _, _, wakes = heapq.heappop(self._sleepers)
            if not wakes.done():
                wakes.set_result(None)
