"""The registry of many replicas in one process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from taskdeck.domain.ids import ProjectId, ReplicaId, SessionId
from taskdeck.domain.instants import SECOND, Instant
from taskdeck.domain.replicas import Replica
from taskdeck.domain.sessions import LiveSession
from taskdeck.ports.clock import Clock

SILENT = 9 * SECOND


@dataclass
class Table:
    """What all replicas see."""

    beats: dict[ReplicaId, Instant] = field(default_factory=dict)
    live: dict[SessionId, tuple[ReplicaId, LiveSession]] = field(default_factory=dict)


class ReplicaRegistry:
    """Satisfies `Registry`. Replicas that are silent for too long are given up."""

    def __init__(self, table: Table, me: ReplicaId, clock: Clock) -> None:
        self._table = table
        self._me = me
        self._clock = clock
        self._joined = False

    async def register(self, session: LiveSession) -> None:
        self._table.live.setdefault(session.session_id, (self._me, session))

    async def unregister(self, session_id: SessionId) -> None:
        self._table.live.pop(session_id, None)

    async def sessions(self, project_id: ProjectId) -> Sequence[LiveSession]:
        return [live for _, live in self._table.live.values() if live.project_id == project_id]

    async def beat(self) -> bool:
        given_up = self._joined and self._me not in self._table.beats
        self._joined = True
        self._table.beats[self._me] = self._clock.now()
        return not given_up

    async def leave(self) -> None:
        self._table.beats.pop(self._me, None)

    async def replicas(self) -> Sequence[Replica]:
        return [
            Replica(id=each, name=each, version="0", started_at=0, beat_at=at)
            for each, at in self._table.beats.items()
        ]

    async def orphans(self) -> Sequence[LiveSession]:
        horizon = self._clock.now() - SILENT
        beats = self._table.beats
        for each in [each for each, at in beats.items() if at < horizon]:
            del beats[each]
        return [live for holder, live in self._table.live.values() if holder not in beats]
