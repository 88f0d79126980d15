"""What time it is."""

from __future__ import annotations

from typing import Protocol

from ..domain.instants import Instant


class Clock(Protocol):
    def now(self) -> Instant: ...

    async def sleep(self, seconds: float) -> None:
        """Wait this long on this clock."""
        ...
