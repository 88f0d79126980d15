"""Which session is held where, and which replicas are alive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..domain.ids import ProjectId, SessionId
from ..domain.replicas import Replica
from ..domain.sessions import LiveSession


class Registry(Protocol):
    """Live sessions of all replicas. It may lag behind the truth; a claim in the journal decides."""

    async def register(self, session: LiveSession) -> None:
        """Announce a session of this replica."""
        ...

    async def unregister(self, session_id: SessionId) -> None:
        """Forget a session; does nothing if it is not known."""
        ...

    async def sessions(self, project_id: ProjectId) -> Sequence[LiveSession]:
        """Live sessions of a project over all replicas, oldest first."""
        ...

    async def beat(self) -> bool:
        """Say that this replica is alive. False if the others have given it up meanwhile: then its
        sessions are closed in the journal, and it counts as alive again with none."""
        ...

    async def leave(self) -> None:
        """Say that this replica stops. Its sessions were unregistered before."""
        ...

    async def replicas(self) -> Sequence[Replica]:
        """The replicas that are alive, as far as is known, oldest first."""
        ...

    async def orphans(self) -> Sequence[LiveSession]:
        """Sessions of replicas that were not heard of for too long; they are of no use any more."""
        ...
