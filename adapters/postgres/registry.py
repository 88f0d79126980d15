"""Live sessions and replicas in two tables that every replica sees."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from ...domain.ids import AgentId, ProjectId, ReplicaId, SessionId
from ...domain.replicas import Replica
from ...domain.sessions import Hello, LiveSession
from ..wire import OrjsonCodec
from .clock import DatabaseClock
from .database import PostgresDatabase
from .statements import statements

SILENT_SECONDS = 9.0
"""A replica that was not heard of for so long is given up; it beats three times as often."""

_SQL = statements("registry")
_CODEC = OrjsonCodec()


class PostgresRegistry:
    """Satisfies `Registry`. Time is the database's alone: clocks of replicas may differ."""

    def __init__(self, database: PostgresDatabase, me: Replica, clock: DatabaseClock) -> None:
        self._database = database
        self._me = me
        self._clock = clock
        self._joined = False
        self._beating_since: float | None = None

    async def register(self, session: LiveSession) -> None:
        await self._lazily(
            "register",
            session=session.session_id,
            replica=self._me.id,
            project=session.project_id,
            agent=session.agent_id,
            opened_at=session.opened_at,
            hello=_CODEC.dumps(session.hello.to_data()).decode(),
        )

    async def unregister(self, session_id: SessionId) -> None:
        await self._lazily("unregister", session=session_id)

    async def sessions(self, project_id: ProjectId) -> Sequence[LiveSession]:
        rows = await self._database.decisions.fetch(_SQL["sessions"], {"project": project_id})
        return [_session(row) for row in rows]

    async def beat(self) -> bool:
        try:
            known = await self._beat()
        except BaseException:
            self._beating_since = None
            raise
        given_up = self._joined and not known
        self._joined = True
        if self._beating_since is None:
            self._beating_since = time.monotonic()
        return not given_up

    async def orphans(self) -> Sequence[LiveSession]:
        if not self._may_judge():
            return ()
        async with self._database.decisions.transaction() as transaction:
            await transaction.execute(_SQL["give_up_silent"], {"seconds": SILENT_SECONDS})
            rows = await transaction.fetch(_SQL["orphans"])
        return [_session(row) for row in rows]

    async def leave(self) -> None:
        await self._lazily("leave", replica=self._me.id)
        self._joined = False

    async def replicas(self) -> Sequence[Replica]:
        rows = await self._database.decisions.fetch(_SQL["replicas"], {"seconds": SILENT_SECONDS})
        return [
            Replica(
                id=ReplicaId(replica_id),
                name=name,
                version=version,
                started_at=started_at,
                beat_at=beat_at,
                sessions=sessions,
            )
            for replica_id, name, version, started_at, beat_at, sessions in rows
        ]

    async def _beat(self) -> bool:
        asked_at = self._clock.now()
        async with self._database.decisions.transaction() as transaction:
            self._clock.learn(await transaction.value(_SQL["now"]), asked_at=asked_at)
            await transaction.execute(_SQL["lazily"])
            replica = {"replica": self._me.id}
            known = await transaction.value(_SQL["beat"], replica) is not None
            if not known:
                said = {"name": self._me.name, "version": self._me.version}
                await transaction.execute(_SQL["join"], {**replica, **said})
        return known

    def _may_judge(self) -> bool:
        """Whether silence of others means anything: after an outage of the database all were silent."""
        since = self._beating_since
        return since is not None and time.monotonic() - since > SILENT_SECONDS

    async def _lazily(self, statement: str, **parameters: Any) -> None:
        async with self._database.decisions.transaction() as transaction:
            await transaction.execute(_SQL["lazily"])
            await transaction.execute(_SQL[statement], parameters)


def _session(row: tuple[Any, ...]) -> LiveSession:
    session_id, project_id, agent_id, opened_at, hello = row
    return LiveSession(
        session_id=SessionId(session_id),
        project_id=ProjectId(project_id),
        agent_id=AgentId(agent_id),
        hello=Hello.from_data(_CODEC.loads(hello)),
        opened_at=opened_at,
    )
