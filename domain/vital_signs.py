"""How a replica feels at this moment: what gauges show and what a load balancer wants to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .projections.tally import QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLoad:
    """Connections to the database for one purpose."""

    most: int
    open: int
    free: int
    waiting: int
    """Callers that wait for one now."""
    waits: int
    """Callers that had to wait, since the start."""
    waited_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalSigns:
    backlog_events: int
    high_water: int
    """Of the backlog; above it sockets are paused."""
    stalled_seconds: float
    """For how long something waits of which nothing could be committed; 0 while all goes well."""
    paused_sockets: int
    sessions: int
    deaf_seconds: float
    """For how long changes of other replicas have not arrived; 0 while they do."""
    retention_lag_seconds: float
    draining: bool
    pools: Mapping[str, PoolLoad] = field(default_factory=dict)
    """By purpose; empty where the database has none."""
    depths: Mapping[QueueName, int] = field(default_factory=dict)
    """Messages waiting, by queue, over all projects; the same on every replica."""
