"""Replicas tell each other that they live, and tidy up after those that do not."""

from __future__ import annotations

from ...ports.clock import Clock
from ...ports.notices import Notices
from ...ports.registry import Registry
from ..errors import StoreUnavailable
from ..notices import Notice, Severity
from .recovery import Recovery
from .sessions import Sessions

BEAT_SECONDS = 3.0


class Liveness:
    """The beat of this replica."""

    def __init__(
        self,
        *,
        registry: Registry,
        recovery: Recovery,
        sessions: Sessions,
        clock: Clock,
        notices: Notices,
    ) -> None:
        self._registry = registry
        self._recovery = recovery
        self._sessions = sessions
        self._clock = clock
        self._notices = notices

    async def run(self) -> None:
        """Beat for ever; end by cancelling."""
        while True:
            try:
                await self.beat()
            except StoreUnavailable as error:
                self._notices.tell(Notice(Severity.WARNING, "replica.mute", error.message))
            await self._clock.sleep(BEAT_SECONDS)

    async def beat(self) -> None:
        """Say that we live, and close what dead replicas left open."""
        if not await self._registry.beat():
            self._notices.tell(
                Notice(
                    Severity.ERROR,
                    "replica.given_up",
                    "This replica was silent for so long that the others closed its sessions. "
                    "Its agents are sent to connect again.",
                )
            )
            await self._sessions.give_up()
        await self._sessions.tidy()
        await self._recovery.close_orphans()
