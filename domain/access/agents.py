"""Agents: credentials of applications, with one token or, for a while, two."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..ids import AgentId, ProjectId
from ..instants import Instant
from ..journal import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentToken:
    hash: bytes
    ends_at: Instant | None = None
    """None while no other token replaces it."""

    @property
    def id(self) -> str:
        """Tells tokens apart in the journal and in logs."""
        return self.hash.hex()[:16]

    def valid_at(self, now: Instant) -> bool:
        return self.ends_at is None or now < self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRecord:
    """Many processes may share an agent. `version` is the number of entries it was folded from."""

    id: AgentId
    project_id: ProjectId
    name: str
    tokens: tuple[AgentToken, ...]
    """Newest first; the second one is on its way out."""
    created_at: Instant
    version: int
    revoked_at: Instant | None = None

    @property
    def stream(self) -> str:
        return f"agent:{self.id}"

    def valid_token(self, token_hash: bytes, now: Instant) -> AgentToken | None:
        """The token with this hash, if it is good now."""
        for token in self.tokens:
            if hmac.compare_digest(token.hash, token_hash) and token.valid_at(now):
                return token
        return None

    def ends_after_rotation(self, at: Instant, overlap: int) -> dict[str, Instant]:
        """When each token ends if another one is minted now: no more than two are ever valid."""
        ends: dict[str, Instant] = {}
        for place, token in enumerate(self.tokens):
            end = at + overlap if place == 0 else at
            ends[token.id] = end if token.ends_at is None else min(end, token.ends_at)
        return ends


def fold_agent(agent: AgentRecord | None, recorded: Recorded) -> AgentRecord | None:
    """None for an entry that is not one of an agent."""
    entry = recorded.entry
    match entry.kind:
        case "agent.minted":
            return AgentRecord(
                id=AgentId(entry.data["id"]),
                project_id=entry.project_id,
                name=entry.data["name"],
                tokens=(AgentToken(hash=bytes.fromhex(entry.data["token_hash"])),),
                created_at=entry.at,
                version=recorded.version,
            )
        case "agent.token_rotated" if agent is not None:
            ends: Mapping[str, Instant] = entry.data["ends"]
            leaving = (replace(token, ends_at=ends[token.id]) for token in agent.tokens)
            newest = AgentToken(hash=bytes.fromhex(entry.data["token_hash"]))
            tokens = (newest, *(token for token in leaving if token.valid_at(entry.at)))
            return replace(agent, tokens=tokens, version=recorded.version)
        case "agent.revoked" if agent is not None:
            return replace(agent, revoked_at=entry.at, version=recorded.version)
        case _:
            return None


def agent_to_data(agent: AgentRecord) -> dict[str, Any]:
    return {
        "id": agent.id,
        "project_id": agent.project_id,
        "name": agent.name,
        "tokens": [[token.hash.hex(), token.ends_at] for token in agent.tokens],
        "created_at": agent.created_at,
        "version": agent.version,
        "revoked_at": agent.revoked_at,
    }


def agent_from_data(data: Mapping[str, Any]) -> AgentRecord:
    tokens = tuple(
        AgentToken(hash=bytes.fromhex(hash_), ends_at=ends_at) for hash_, ends_at in data["tokens"]
    )
    return AgentRecord(**{**data, "tokens": tokens})
