"""When a batch is ready: by events, bytes or age, whichever comes first."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

from .events import Event
from .health import HealthReport
from .instants import MILLISECOND, Instant

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction makes durable, whatever frames and sessions it came from."""

    events: tuple[Event, ...] = ()
    reports: tuple[HealthReport, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLimits:
    """A batch closes at `events` or `bytes`, or `age` after its first item.

    Above `high_water` waiting events or `high_water_bytes` the sockets are paused; above twice as much
    nobody is admitted, for whoever comes back sends all again.
    """

    events: int = 5_000
    bytes: int = 4 * 1024 * 1024
    age: Instant = 4 * MILLISECOND
    high_water: int = 25_000
    high_water_bytes: int = 32 * 1024 * 1024


class Backlog(Generic[ItemT]):
    """What waits for the next batch, in order of arrival, with its weight in events and bytes."""

    __slots__ = ("_items", "_limits", "bytes", "events")

    def __init__(self, limits: BatchLimits) -> None:
        self._limits = limits
        self._items: deque[tuple[ItemT, int, int]] = deque()
        self.events = 0
        self.bytes = 0

    def __bool__(self) -> bool:
        return bool(self._items)

    def add(self, item: ItemT, events: int, size: int) -> None:
        self._items.append((item, events, size))
        self.events += events
        self.bytes += size

    @property
    def full(self) -> bool:
        """There is enough for a whole batch."""
        return self.events >= self._limits.events or self.bytes >= self._limits.bytes

    @property
    def above_high_water(self) -> bool:
        return self.events >= self._limits.high_water or self.bytes >= self._limits.high_water_bytes

    @property
    def overfull(self) -> bool:
        return (
            self.events >= 2 * self._limits.high_water
            or self.bytes >= 2 * self._limits.high_water_bytes
        )

    def take(self) -> list[ItemT]:
        """Remove one batch from the front: at least one item, then as many as the limits allow."""
        taken: list[ItemT] = []
        events = size = 0
        while self._items:
            item, item_events, item_size = self._items[0]
            if taken and (
                events + item_events > self._limits.events or size + item_size > self._limits.bytes
            ):
                break
            self._items.popleft()
            taken.append(item)
            events += item_events
            size += item_size
        self.events -= events
        self.bytes -= size
        return taken
