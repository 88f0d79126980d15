"""Keeps room ahead of the writers, and lets go of what is old."""

from __future__ import annotations

from ...ports.clock import Clock
from ...ports.notices import Notices
from ...ports.upkeep import Upkeep
from ..errors import StoreUnavailable
from ..instants import SECOND, Instant
from ..notices import Notice, Severity
from ..retention import LATE_SECONDS, Kept, RetentionDays, kept

LOOK_SECONDS = 600.0
ROOM_SECONDS = 3_600
PAUSE_SECONDS = 0.2
"""Between two parts, so that pruning never has the database for itself."""


class Retention:
    """The upkeep of one replica; the database lets one of them work at a time."""

    def __init__(
        self, *, upkeep: Upkeep, days: RetentionDays, clock: Clock, notices: Notices
    ) -> None:
        self._upkeep = upkeep
        self._days = days
        self._clock = clock
        self._notices = notices
        self._room_made_at: Instant | None = None
        self.lag_seconds = 0.0
        """How far pruning was behind when it was last looked at."""

    async def run(self) -> None:
        """Work for ever; end by cancelling."""
        while True:
            try:
                await self.work()
            except StoreUnavailable as error:
                self._notices.tell(Notice(Severity.WARNING, "retention.waiting", error.message))
            await self._clock.sleep(LOOK_SECONDS)

    async def work(self) -> None:
        """Make room if it is time to, and prune until nothing is too old."""
        await self.make_room()
        await self._look()
        while await self._upkeep.prune(self._clock.now()):
            await self._clock.sleep(PAUSE_SECONDS)
        await self._look()
        if self.lag_seconds > LATE_SECONDS:
            self._notices.tell(
                Notice(
                    Severity.ERROR,
                    "retention.behind",
                    f"Old data should have been gone for {self.lag_seconds / 3_600:.0f} h. "
                    "See: taskdeck check.",
                )
            )

    async def kept(self) -> tuple[Kept, ...]:
        """How long each kind of data is kept, and how far back it reaches now."""
        return kept(await self._upkeep.oldest_days(), self._clock.now(), self._days)

    async def _look(self) -> None:
        self.lag_seconds = max(each.lag_seconds for each in await self.kept())

    async def make_room(self) -> None:
        """At start and hourly."""
        now, last = self._clock.now(), self._room_made_at
        if last is None or now - last >= ROOM_SECONDS * SECOND:
            await self._upkeep.make_room(now)
            self._room_made_at = now
