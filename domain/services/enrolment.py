"""Sessions of this replica in the registry, also over times when that is away."""

from __future__ import annotations

from ...ports.registry import Registry
from ..errors import StoreUnavailable
from ..ids import SessionId
from ..sessions import LiveSession


class Enrolment:
    """What cannot be taken out of the registry now is remembered, and taken out later."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._gone: set[SessionId] = set()

    async def enter(self, live: LiveSession) -> None:
        """Raises StoreUnavailable."""
        await self._registry.register(live)

    async def leave(self, session_id: SessionId) -> None:
        try:
            await self._registry.unregister(session_id)
        except StoreUnavailable:
            self._gone.add(session_id)
        else:
            self._gone.discard(session_id)

    async def tidy(self) -> None:
        """Try again what failed."""
        for session_id in list(self._gone):
            await self.leave(session_id)
