"""Sums up the statistics of periods that have ended, so that long windows are read quickly."""

from __future__ import annotations

from ...ports.clock import Clock
from ...ports.notices import Notices
from ...ports.upkeep import Upkeep
from ..errors import StoreUnavailable
from ..instants import DAY, SECOND, Instant
from ..notices import Notice, Severity

LOOK_SECONDS = 30.0
PAUSE_SECONDS = 0.2
"""Between two parts, so that summing up never has the database for itself."""
RECENT = 2 * DAY
"""Looked at each time; what is older is summed up long since, unless something late is counted."""
LONG = 92 * DAY
LONG_SECONDS = 3_600


class Summing:
    """Any replica may; each period is summed up once."""

    def __init__(self, *, upkeep: Upkeep, clock: Clock, notices: Notices) -> None:
        self._upkeep = upkeep
        self._clock = clock
        self._notices = notices
        self._looked_far_at: Instant | None = None

    async def run(self) -> None:
        """Work for ever; end by cancelling."""
        while True:
            try:
                await self.work()
            except StoreUnavailable as error:
                self._notices.tell(Notice(Severity.WARNING, "summing.waiting", error.message))
            await self._clock.sleep(LOOK_SECONDS)

    async def work(self) -> None:
        """Sum up all that is due: of the last days, and now and then of all that is kept."""
        await self._sum_up(RECENT)
        now, last = self._clock.now(), self._looked_far_at
        if last is None or now - last >= LONG_SECONDS * SECOND:
            await self._sum_up(LONG)
            self._looked_far_at = now

    async def _sum_up(self, reach: Instant) -> None:
        while True:
            now = self._clock.now()
            if not await self._upkeep.sum_up(now, since=now - reach):
                return
            await self._clock.sleep(PAUSE_SECONDS)
