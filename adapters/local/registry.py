"""The live sessions of a brain that is alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...domain.ids import ProjectId, SessionId
from ...domain.replicas import Replica
from ...domain.sessions import LiveSession
from ...ports.clock import Clock


class LocalRegistry:
    """Satisfies `Registry`."""

    def __init__(self, me: Replica, clock: Clock) -> None:
        self._me = me
        self._clock = clock
        self._sessions: dict[SessionId, LiveSession] = {}

    async def register(self, session: LiveSession) -> None:
        self._sessions[session.session_id] = session

    async def unregister(self, session_id: SessionId) -> None:
        self._sessions.pop(session_id, None)

    async def sessions(self, project_id: ProjectId) -> Sequence[LiveSession]:
        return [each for each in self._sessions.values() if each.project_id == project_id]

    async def beat(self) -> bool:
        return True

    async def leave(self) -> None:
        """Nobody else is there to be told."""

    async def replicas(self) -> Sequence[Replica]:
        return [replace(self._me, beat_at=self._clock.now(), sessions=len(self._sessions))]

    async def orphans(self) -> Sequence[LiveSession]:
        return ()
