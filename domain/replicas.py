"""Running brains that share one database."""

from __future__ import annotations

from dataclasses import dataclass

from .ids import ReplicaId
from .instants import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """A brain that is alive, as the others know it."""

    id: ReplicaId
    name: str
    """Where it runs, for people: `host:pid`."""
    version: str
    started_at: Instant
    beat_at: Instant
    """When it was last heard of."""
    sessions: int = 0
