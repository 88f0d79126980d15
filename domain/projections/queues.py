"""Queues: how many wait, and how fast they come and go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from ..events import Event
from ..fields import MAX_NAME, count, storable
from ..ids import ProjectId
from ..instants import Instant, minute_of
from .tasks import Share


class QueueKey(NamedTuple):
    project_id: ProjectId
    engine: str
    queue: str


class QueueMinuteKey(NamedTuple):
    queue: QueueKey
    minute: Instant


@dataclass(slots=True)
class Queue:
    """A queue as last measured. `depth` is None while nobody measured it."""

    key: QueueKey
    depth: int | None = None
    depth_at: Instant = 0

    def measure(self, depth: int, at: Instant) -> None:
        """Take in a measurement; the latest stands, of two at one time the higher."""
        if (at, depth) > (self.depth_at, -1 if self.depth is None else self.depth):
            self.depth, self.depth_at = depth, at

    def merge(self, other: Queue) -> None:
        if other.depth is not None:
            self.measure(other.depth, other.depth_at)


@dataclass(slots=True)
class QueueMinute:
    """One minute of a queue. As a difference, its counts may be negative."""

    key: QueueMinuteKey
    received: int = 0
    started: int = 0
    ended: int = 0
    depth: int | None = None
    """The last depth measured in this minute."""
    depth_at: Instant = 0
    depth_max: int | None = None

    def measure(self, depth: int, at: Instant) -> None:
        if (at, depth) > (self.depth_at, -1 if self.depth is None else self.depth):
            self.depth, self.depth_at = depth, at
        self.depth_max = depth if self.depth_max is None else max(self.depth_max, depth)

    def add(self, other: QueueMinute) -> None:
        self.received += other.received
        self.started += other.started
        self.ended += other.ended
        if other.depth is not None and other.depth_max is not None:
            self.measure(other.depth, other.depth_at)
            self.depth_max = max(self.depth_max or 0, other.depth_max)

    @property
    def is_empty(self) -> bool:
        return self.depth is None and not (self.received or self.started or self.ended)

    def to_document(self) -> list[int | None]:
        return [
            self.received, self.started, self.ended, self.depth, self.depth_at, self.depth_max,
        ]  # fmt: skip

    @classmethod
    def from_document(cls, key: QueueMinuteKey, document: list[Any]) -> QueueMinute:
        return cls(key, *document)


def measurement_of(event: Event) -> tuple[QueueKey, int] | None:
    """What a `queue.depth_report` measured, or None if it is not of that form."""
    queue, depth = event.data.get("queue"), event.data.get("depth")
    if not isinstance(queue, str) or len(queue) > MAX_NAME or type(depth) is not int:
        return None
    # Some brokers count below zero for a moment.
    waiting = count(max(0, depth))
    if waiting is None:
        return None
    return QueueKey(event.project_id, event.engine, storable(queue)), waiting


def contribute(rows: dict[QueueMinuteKey, QueueMinute], share: Share, sign: int) -> None:
    """Add (+1) or take away (-1) what a task contributes to its queue."""
    if share.queue is None:
        return
    key = QueueKey(share.project_id, share.engine, share.queue)

    def row(at: Instant) -> QueueMinute:
        place = QueueMinuteKey(key, minute_of(at))
        found = rows.get(place)
        if found is None:
            found = rows[place] = QueueMinute(place)
        return found

    for attempt in share.attempts:
        if attempt.received_at is not None:
            row(attempt.received_at).received += sign
        if attempt.started_at is not None:
            row(attempt.started_at).started += sign
        if attempt.ended_at is not None:
            row(attempt.ended_at).ended += sign
