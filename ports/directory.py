"""Who may talk to us: projects, agents, API keys and users."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from ..domain.access import AccountRecord, AgentRecord, KeyRecord, Project, User
from ..domain.ids import AgentId, KeyId, ProjectId, UserId


class Directory(Protocol):
    """A read-only view of the journal's accounts. What was revoked is never found by its hash.

    What ends by itself still is: whether a token or key is good now, its record says. Listings are
    oldest first and hold everything, also what was revoked or disabled.
    """

    async def project(self, slug: str) -> Project | None: ...

    async def projects(self) -> Sequence[Project]: ...

    async def agent_by_token(self, token_hash: bytes) -> AgentRecord | None: ...

    async def agent(self, agent_id: AgentId) -> AgentRecord | None:
        """Also finds a revoked one."""
        ...

    async def agents(self, project_id: ProjectId) -> Sequence[AgentRecord]: ...

    async def key_by_hash(self, key_hash: bytes) -> KeyRecord | None: ...

    async def key(self, key_id: KeyId) -> KeyRecord | None:
        """Also finds a revoked one."""
        ...

    async def keys(self) -> Sequence[KeyRecord]: ...

    async def user(self, user_id: UserId) -> User | None:
        """Also finds a disabled one."""
        ...

    async def user_by_name(self, username: str) -> User | None:
        """Also finds a disabled one."""
        ...

    async def users(self) -> Sequence[User]: ...

    async def accounts(self, streams: Collection[str]) -> Sequence[AccountRecord]:
        """Those of these streams that there are, in one look; also what was revoked or disabled."""
        ...
