"""A place where a test holds work up."""

from __future__ import annotations

import asyncio


class Gate:
    """Open unless closed."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self._arrivals = asyncio.Semaphore(0)

    async def passed(self) -> None:
        if not self._open.is_set():
            self._arrivals.release()
            await self._open.wait()

    def close(self) -> None:
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    async def reached(self) -> None:
        """Wait until one more stands before the closed gate."""
        await self._arrivals.acquire()
