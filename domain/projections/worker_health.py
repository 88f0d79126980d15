"""The condition of a worker, as its heartbeats and status reports add up (agent-protocol.md §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ..health import HealthReport, LossCounters
from ..instants import Instant

MOST_BUFFERS = 8
"""Buffers and runtimes remembered for one worker, the most recently seen ones."""

_LATEST = (
    "buffer_depth",
    "dropped_events",
    "last_flush_at",
    "adapters",
    "node",
    "connection_failures",
)


@dataclass(slots=True)
class WorkerHealth:
    """Latest values, and losses as maxima: counters may come late, doubled or inherited (§7.2)."""

    at: Instant = 0
    buffer_depth: int | None = None
    dropped_events: int | None = None
    last_flush_at: Instant | None = None
    adapters: Mapping[str, str] | None = None
    node: str | None = None
    connection_failures: int | None = None
    buffer_losses: dict[str, dict[str, int]] = field(default_factory=dict)
    """buffer id -> counter -> total"""
    adapter_losses: dict[str, dict[str, int]] = field(default_factory=dict)
    """runtime id -> engine -> total"""

    def fold(self, report: HealthReport) -> None:
        if report.loss is not None:
            self._fold_losses(report.loss)
        if report.at < self.at:
            return
        self.at = report.at
        for name in _LATEST:
            value = getattr(report, name)
            if value is not None:
                setattr(self, name, value)

    def _fold_losses(self, loss: LossCounters) -> None:
        _raise_to(self.buffer_losses, loss.buffer_id, loss.buffer_totals)
        _raise_to(self.adapter_losses, loss.runtime_id, loss.adapter_events)

    @property
    def lost_events(self) -> int:
        """Events known to be lost: in buffers, and in adapters before they reached a buffer."""
        in_buffers = sum(totals.get("event_records", 0) for totals in self.buffer_losses.values())
        in_adapters = sum(sum(totals.values()) for totals in self.adapter_losses.values())
        return in_buffers + in_adapters

    def to_document(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> WorkerHealth:
        return cls(**{each.name: document[each.name] for each in fields(cls)})


def _raise_to(maxima: dict[str, dict[str, int]], key: str, totals: Mapping[str, int]) -> None:
    known = maxima.pop(key, {})
    maxima[key] = {
        name: max(known.get(name, 0), totals.get(name, 0)) for name in {**known, **totals}
    }
    while len(maxima) > MOST_BUFFERS:
        del maxima[next(iter(maxima))]
