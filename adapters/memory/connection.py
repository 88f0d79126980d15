"""A socket that remembers what was done to it."""

from __future__ import annotations

import asyncio

from ...domain.pauses import NO_PAUSE, Pause


class RecordedConnection:
    """Satisfies `Connection`."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self._pauses = NO_PAUSE
        self._changed = asyncio.Event()

    def send(self, frames: list[bytes]) -> None:
        if self.closed is None:
            self.sent.extend(frames)
            self._changed.set()

    def close(self, code: int, reason: str) -> None:
        if self.closed is None:
            self.closed = (code, reason)
            self._changed.set()

    @property
    def paused(self) -> bool:
        return bool(self._pauses)

    def pause_reading(self, reason: Pause) -> None:
        self._pauses |= reason

    def resume_reading(self, reason: Pause) -> None:
        self._pauses &= ~reason

    async def wait_for_frames(self, count: int) -> list[bytes]:
        """The first `count` frames, as soon as so many were sent."""
        while len(self.sent) < count:
            self._changed.clear()
            await self._changed.wait()
        return self.sent[:count]
