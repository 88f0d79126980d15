"""Agents: minted, rotated, revoked. Their secrets are shown once, tokens are kept hashed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...ports.clock import Clock
from ...ports.directory import Directory
from ...ports.ids import IdSource
from ..access import AgentRecord, Project, checked_name, hash_token
from ..errors import Conflict, NotFound
from ..ids import AgentId
from ..instants import SECOND
from ..journal import Write
from ..signing import encode_secret
from .decision_log import DecisionLog
from .keyring import Keyring

DAY_SECONDS = 24 * 3_600
MAX_OVERLAP_SECONDS = 30 * DAY_SECONDS


@dataclass(frozen=True, slots=True)
class MintedAgent:
    """An agent with the two secrets it needs; they cannot be read again."""

    agent: AgentRecord
    token: str
    hmac_secret: str
    advice: tuple[str, ...] = ()
    """What whoever made it may not have meant."""


class Agents:
    def __init__(
        self,
        *,
        log: DecisionLog,
        directory: Directory,
        keyring: Keyring,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._log = log
        self._directory = directory
        self._keyring = keyring
        self._clock = clock
        self._ids = ids

    async def all_of(self, project: Project) -> Sequence[AgentRecord]:
        return await self._directory.agents(project.id)

    async def mint(self, project: Project, name: str, actor: str) -> MintedAgent:
        """Names need not differ; `advice` tells of an agent that has this one already."""
        agent_id = AgentId(self._ids.uuid())
        token = self._ids.secret()
        data = {"id": agent_id, "name": checked_name(name), "token_hash": self._hash(token)}
        advice = _of_namesakes(await self.all_of(project), data["name"])
        await self._log.record(
            self._log.write(f"agent:{agent_id}", 0, "agent.minted", actor, project.id, data)
        )
        return await self._minted(project, agent_id, token, advice)

    async def rotate(
        self, project: Project, agent_id: AgentId, actor: str, *, overlap_seconds: int = DAY_SECONDS
    ) -> MintedAgent:
        """Mint another token; the one before it ends after the overlap, with its sessions.

        An older one that was still good ends at once. Raises NotFound, and Conflict if revoked.
        """
        token = self._ids.secret()

        async def decide() -> Write:
            agent = await self.one(project, agent_id)
            if agent.revoked_at is not None:
                raise Conflict("This agent is revoked. Make another one.")
            ends = agent.ends_after_rotation(self._clock.now(), overlap_seconds * SECOND)
            data = {"token_hash": self._hash(token), "ends": ends}
            return self._log.write(
                agent.stream, agent.version, "agent.token_rotated", actor, project.id, data
            )

        await self._log.settle(decide)
        return await self._minted(project, agent_id, token)

    async def revoke(self, project: Project, agent_id: AgentId, actor: str) -> AgentRecord:
        """Raises NotFound; revoking twice is the same as once."""

        async def decide() -> Write | None:
            agent = await self.one(project, agent_id)
            if agent.revoked_at is not None:
                return None
            return self._log.write(agent.stream, agent.version, "agent.revoked", actor, project.id)

        await self._log.settle(decide)
        return await self.one(project, agent_id)

    async def one(self, project: Project, agent_id: AgentId) -> AgentRecord:
        """Raises NotFound."""
        agent = await self._directory.agent(agent_id)
        if agent is None or agent.project_id != project.id:
            raise NotFound(f"There is no agent {agent_id} in this project.")
        return agent

    async def _minted(
        self, project: Project, agent_id: AgentId, token: str, advice: tuple[str, ...] = ()
    ) -> MintedAgent:
        secret = encode_secret(self._keyring.project_key(project.id))
        return MintedAgent(await self.one(project, agent_id), token, secret, advice)

    def _hash(self, token: str) -> str:
        return hash_token(self._keyring.token_secret, token).hex()


def _of_namesakes(agents: Sequence[AgentRecord], name: str) -> tuple[str, ...]:
    found = [each.id for each in agents if each.name == name and each.revoked_at is None]
    if not found:
        return ()
    return (
        f"Another agent is called {name!r} (id {found[-1]}), and its token is still good. For a new "
        "token of that one, rotate it; if it is not used any more, revoke it.",
    )
