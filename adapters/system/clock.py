"""This machine's clock."""

from __future__ import annotations

import asyncio
import time

from ...domain.instants import Instant


class SystemClock:
    """Satisfies `Clock`."""

    def now(self) -> Instant:
        return time.time_ns() // 1_000

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
