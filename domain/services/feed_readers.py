"""Readers of live views: those with one interest share versions, differences and snapshots."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

from ..fanout import Topic
from ..feed import Delta, Interest, Rows, Snapshot

MOST_WAITING = 8
"""Differences that a slow reader may leave; then it gets a new snapshot instead."""

Message: TypeAlias = Snapshot | Delta


class Channel:
    """All who want to be told the same. Versions count what this channel was told."""

    def __init__(self, interest: Interest, newest: Callable[[], Awaitable[Rows]]) -> None:
        self.interest = interest
        self.readers: set[Reader] = set()
        self._newest = newest
        self._version = 1

    def tell(self, topics: frozenset[Topic], rows: Rows | None) -> None:
        """Pass on what of this is wanted here."""
        wanted = topics & self.interest.topics
        if not wanted:
            return
        self._version += 1
        told = rows if self.interest.wants_rows and Topic.TASKS in wanted else None
        delta = Delta(self._version, wanted, told)
        for reader in self.readers:
            reader.put(delta)

    async def snapshot(self) -> Snapshot:
        version = self._version
        rows = await self._newest() if self.interest.wants_rows else None
        return Snapshot(version, self.interest.topics, rows)


class Reader:
    """What one dashboard has still to be told."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._waiting: deque[Delta] = deque()
        self._arrived = asyncio.Event()
        self._behind = False

    def put(self, delta: Delta) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self._behind = True
        if not self._behind:
            self._waiting.append(delta)
        self._arrived.set()

    async def messages(self) -> AsyncIterator[Message]:
        version = 0
        self._behind = True
        while True:
            if self._behind:
                self._behind = False
                self._waiting.clear()
                snapshot = await self.channel.snapshot()
                version = snapshot.version
                yield snapshot
            while self._waiting:
                delta = self._waiting.popleft()
                if delta.version > version:
                    version = delta.version
                    yield delta
            self._arrived.clear()
            if not self._waiting and not self._behind:
                await self._arrived.wait()
