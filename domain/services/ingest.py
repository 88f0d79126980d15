"""From frames to durable events: group commit over all sessions, acknowledgements after it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ...ports.bus import Bus
from ...ports.clock import Clock
from ...ports.connection import Connection
from ...ports.event_store import EventStore
from ...ports.metrics import Metrics
from ...ports.notices import Notices
from ..batching import Backlog, Batch, BatchLimits
from ..effects import Append, Observe
from ..events import Event
from ..fanout import Change, Topic
from ..health import HealthReport
from ..instants import SECOND, Instant
from ..pauses import Pause
from ..session import AgentSession
from .committing import Committing
from .patient_store import FIRST_PAUSE, LONGEST_PAUSE, PatientStore


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event_batch frame on its way to the store, and where to acknowledge it."""

    append: Append
    session: AgentSession
    connection: Connection


class Ingest:
    """Collects what sessions deliver and commits it in groups.

    Nothing is acknowledged before its commit and nothing is dropped: while the store is slow or
    away, frames wait here up to `limits.high_water`, then the sockets are paused.
    """

    def __init__(
        self,
        *,
        store: EventStore,
        bus: Bus,
        clock: Clock,
        notices: Notices,
        metrics: Metrics,
        limits: BatchLimits,
    ) -> None:
        self._store = PatientStore(store, clock, notices, metrics)
        self._metrics = metrics
        self._bus = bus
        self._clock = clock
        self._limits = limits
        self._backlog: Backlog[Delivery | Observe] = Backlog(limits)
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._paused: set[Connection] = set()
        self._draining = False
        self._failing_since: Instant | None = None
        self._pause = FIRST_PAUSE

    @property
    def waiting(self) -> int:
        """Events that arrived and are not yet committed."""
        return self._backlog.events

    @property
    def high_water(self) -> int:
        """Of `waiting`; above it sockets are paused."""
        return self._limits.high_water

    @property
    def overfull(self) -> bool:
        """So much waits that nobody should be admitted who may bring more."""
        return self._backlog.overfull

    def holds_up(self, connection: Connection) -> bool:
        """Whether this socket is paused: its silence is ours."""
        return connection in self._paused

    @property
    def stalled_seconds(self) -> float:
        """For how long the present batch has been on its way to the store, or all have failed."""
        if self._failing_since is None:
            return self._store.busy_seconds
        return (self._clock.now() - self._failing_since) / SECOND

    @property
    def paused(self) -> int:
        """Sockets that are not read from until the store catches up."""
        return len(self._paused)

    def submit(self, item: Delivery | Observe) -> None:
        """Take a delivery or a health report; never blocks. Above high water its socket is paused."""
        self._backlog.add(item, *_weight(item))
        if isinstance(item, Delivery) and self._backlog.above_high_water:
            item.connection.pause_reading(Pause.EVENTS)
            self._paused.add(item.connection)
        self._idle.clear()
        self._arrived.set()

    async def run(self) -> None:
        """Commit for ever; end by cancelling, after `drain`."""
        while True:
            await self._arrived.wait()
            await self._linger()
            await self._commit(self._take())
            if not self._backlog.above_high_water:
                self._resume()
            if not self._backlog:
                self._idle.set()

    async def drain(self) -> None:
        """Wait until everything that arrived is committed and acknowledged."""
        self._draining = True
        await self._idle.wait()

    async def _linger(self) -> None:
        """Give a small batch `limits.age` to grow; a full one leaves at once."""
        if not self._draining and not self._backlog.full:
            await self._clock.sleep(self._limits.age / SECOND)

    def _take(self) -> Sequence[Delivery | Observe]:
        items = self._backlog.take()
        if not self._backlog:
            self._arrived.clear()
        return items

    async def _commit(self, items: Sequence[Delivery | Observe]) -> None:
        """Store the items and acknowledge them; what may be stored later goes back into the queue."""
        postponed = await Committing(self._store, _batch, self._settle).commit(items)
        if not postponed:
            self._failing_since = None
            self._pause = FIRST_PAUSE
            return
        if self._failing_since is None:
            self._failing_since = self._clock.now()
        await self._clock.sleep(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        for item in postponed:
            self._backlog.add(item, *_weight(item))
        self._arrived.set()

    def _settle(self, items: Sequence[Delivery | Observe], refused: int) -> None:
        self._acknowledge(items, refused)
        self._publish(items)

    def _acknowledge(self, items: Sequence[Delivery | Observe], refused: int) -> None:
        """`refused` is how many events of the only item the store will never take."""
        now = self._clock.now()
        frames: defaultdict[Connection, list[bytes]] = defaultdict(list)
        delivered = rejected = 0
        for item in items:
            if isinstance(item, Delivery):
                append = item.append
                accepted = len(append.events) - refused
                delivered += 1
                rejected += append.received - accepted
                frames[item.connection].append(
                    item.session.acknowledge(
                        append.frame_id,
                        append.received,
                        accepted,
                        append.received - accepted,
                        now,
                    )
                )
        for connection, acks in frames.items():
            connection.send(acks)
        self._metrics.acknowledged(delivered, rejected)

    def _publish(self, items: Sequence[Delivery | Observe]) -> None:
        changed = set()
        for item in items:
            if isinstance(item, Delivery):
                for event in item.append.events[:1]:
                    changed.add(event.project_id)
            else:
                self._bus.publish(Change(item.report.project_id, Topic.WORKERS))
                for event in item.events[:1]:
                    self._bus.publish(Change(event.project_id, Topic.QUEUES))
        for project_id in changed:
            for topic in (Topic.EVENTS, Topic.TASKS):
                self._bus.publish(Change(project_id, topic))

    def _resume(self) -> None:
        paused, self._paused = self._paused, set()
        for connection in paused:
            connection.resume_reading(Pause.EVENTS)


def _weight(item: Delivery | Observe) -> tuple[int, int]:
    """Events and bytes of an item, as the limits count them."""
    events = item.append.events if isinstance(item, Delivery) else item.events
    return max(1, len(events)), sum(len(event.raw) for event in events) + 256


def _batch(items: Sequence[Delivery | Observe]) -> Batch:
    events: list[Event] = []
    reports: list[HealthReport] = []
    for item in items:
        if isinstance(item, Delivery):
            events.extend(item.append.events)
        else:
            events.extend(item.events)
            reports.append(item.report)
    return Batch(tuple(events), tuple(reports))
