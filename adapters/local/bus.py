"""Wake-ups within one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ...domain.fanout import Change


class _Subscriber:
    """Changes that were not yet taken; as many as are distinct, however long nobody looks."""

    def __init__(self) -> None:
        self._waiting: set[Change] = set()
        self._arrived = asyncio.Event()

    def put(self, change: Change) -> None:
        self._waiting.add(change)
        self._arrived.set()

    async def changes(self) -> AsyncIterator[frozenset[Change]]:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            taken, self._waiting = frozenset(self._waiting), set()
            yield taken


class LocalBus:
    """Satisfies `Bus`."""

    def __init__(self) -> None:
        self._subscribers: set[_Subscriber] = set()

    def publish(self, change: Change) -> None:
        for subscriber in self._subscribers:
            subscriber.put(change)

    @property
    def hears(self) -> bool:
        return True

    async def run(self) -> None:
        await asyncio.Event().wait()

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[AsyncIterator[frozenset[Change]]]:
        subscriber = _Subscriber()
        self._subscribers.add(subscriber)
        try:
            yield subscriber.changes()
        finally:
            self._subscribers.discard(subscriber)
