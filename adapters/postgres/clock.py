"""The database's clock, by which all replicas judge deadlines, whatever their own clocks say."""

from __future__ import annotations

import asyncio
import time

from ...domain.instants import MILLISECOND, Instant

TOLERANCE = 50 * MILLISECOND
"""A smaller difference may well be the way to the database and back."""


class DatabaseClock:
    """Satisfies `Clock`. Until it is first told the database's time it shows this machine's."""

    def __init__(self) -> None:
        self._ahead: Instant = 0

    @property
    def ahead(self) -> Instant:
        """How far the database is ahead of this machine; negative if it is behind."""
        return self._ahead

    def now(self) -> Instant:
        return _machine() + self._ahead

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def learn(self, theirs: Instant, *, asked_at: Instant) -> None:
        """Take in the database's time, asked for when this clock showed `asked_at`."""
        now = self.now()
        error = theirs - (asked_at + now) // 2
        if abs(error) > TOLERANCE + (now - asked_at) // 2:
            self._ahead += error


def _machine() -> Instant:
    return time.time_ns() // 1_000
