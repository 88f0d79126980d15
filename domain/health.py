"""What a process reports of its own condition (agent-protocol.md §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .ids import ProjectId, WorkerSlot
from .instants import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class LossCounters:
    """Cumulative totals of what a buffer lost. Keep the maximum per `buffer_id` / `runtime_id` (§7.2)."""

    buffer_id: str
    runtime_id: str
    buffer_totals: Mapping[str, int] = field(default_factory=dict)
    """By counter name; live as long as the buffer."""
    adapter_events: Mapping[str, int] = field(default_factory=dict)
    """By engine; start again with a new `runtime_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """One heartbeat or agent_status of one worker. Fields it does not carry are None."""

    project_id: ProjectId
    slot: WorkerSlot
    at: Instant
    buffer_depth: int | None = None
    dropped_events: int | None = None
    last_flush_at: Instant | None = None
    loss: LossCounters | None = None
    adapters: Mapping[str, str] | None = None
    """adapter_health without the parts that have a home of their own (§7.1)."""
    queue_depths: Mapping[str, Mapping[str, int]] | None = None
    """engine -> queue -> messages waiting. A queue that vanished from the report has depth 0."""
    node: str | None = None
    """Celery node name of this very process, found by its pid in `celery.worker_details`."""
    connection_failures: int | None = None
