"""Names of things. Ids made by agents are opaque text; ours are lower-case UUID text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType
from uuid import UUID

ProjectId = NewType("ProjectId", str)
AgentId = NewType("AgentId", str)
KeyId = NewType("KeyId", str)
UserId = NewType("UserId", str)
LoginId = NewType("LoginId", str)
SessionId = NewType("SessionId", str)
CommandId = NewType("CommandId", str)
ReplicaId = NewType("ReplicaId", str)
BulkId = NewType("BulkId", str)

INSTALLATION = ProjectId("")
"""Stands for a project where something belongs to none: users, keys for every project."""

EventId = NewType("EventId", bytes)
"""The 16 bytes of a UUID."""

LEGACY_WORKER = ""
"""`worker_id` of agents too old to send one: one slot per agent (agent-protocol.md §10)."""


@dataclass(frozen=True, slots=True)
class WorkerSlot:
    """One process of an agent; it may come and go. At most one live session holds it."""

    agent_id: AgentId
    worker_id: str


def parse_event_id(text: object) -> EventId:
    """Read a UUID with or without dashes. Raises ValueError for anything else."""
    if not isinstance(text, str) or len(text) not in (32, 36):
        raise ValueError("event id is not a UUID")
    raw = bytes.fromhex(text.replace("-", ""))
    if len(raw) != 16:
        raise ValueError("event id is not a UUID")
    return EventId(raw)


def render_event_id(event_id: EventId) -> str:
    return str(UUID(bytes=event_id))
