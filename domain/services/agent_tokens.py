"""Which agent tokens are good now, and which sessions must end with theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from sys import intern

from ...ports.clock import Clock
from ...ports.directory import Directory
from .. import close_codes
from ..access import AgentRecord, hash_token
from ..errors import Refused
from ..ids import AgentId
from ..instants import MINUTE, Instant
from .keyring import Keyring

REMEMBERED = 60 * MINUTE
"""How long the end of a token is known here: much longer than a handshake takes."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """An agent that showed a token which was valid."""

    agent: AgentRecord
    token_id: str


class AgentTokens:
    def __init__(self, *, directory: Directory, keyring: Keyring, clock: Clock) -> None:
        self._directory = directory
        self._keyring = keyring
        self._clock = clock
        self._revoked: set[AgentId] = set()
        self._ends: dict[str, Instant] = {}

    async def authenticate(self, token: str) -> Admitted:
        """The agent whose token this is. Raises Refused (4401) for one that is unknown or over."""
        token_hash = hash_token(self._keyring.token_secret, token)
        agent = await self._directory.agent_by_token(token_hash)
        valid = None if agent is None else agent.valid_token(token_hash, self._clock.now())
        if agent is None or valid is None:
            raise Refused(
                "Unknown, ended or revoked agent token. Mint one: taskdeck agents create NAME.",
                close_code=close_codes.UNKNOWN_TOKEN,
            )
        if valid.ends_at is not None:
            self._ends[valid.id] = valid.ends_at
        # Thousands of sessions share few tokens: one copy of each id.
        return Admitted(agent, intern(valid.id))

    def check(self, admitted: Admitted) -> None:
        """Raises Refused (4003) if the token came to its end between upgrade and hello."""
        if admitted.agent.id in self._revoked or admitted.token_id in self.ended():
            raise Refused("The agent token was revoked.", close_code=close_codes.REVOKED)

    def revoke(self, agent_id: AgentId) -> None:
        self._revoked.add(agent_id)

    def limit(self, ends: Mapping[str, Instant]) -> None:
        """Tokens were replaced and end at these times, by id."""
        self._ends.update(ends)

    def ended(self) -> set[str]:
        """The ids of replaced tokens that are over."""
        if not self._ends:
            return set()
        now = self._clock.now()
        self._ends = {name: end for name, end in self._ends.items() if end > now - REMEMBERED}
        return {name for name, end in self._ends.items() if end <= now}
