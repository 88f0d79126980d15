"""Marks: what a task's history comes down to, small enough to be kept with the task.

A mark is `(at, rank, source, runtime_us)`; sorting marks sorts history: by time, then received
before started before retried before terminal (agent-protocol.md §6.5). The source is DIRECT, or a
number that stands for the node of which the monitor tells (MONITOR where that was not noted).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from enum import IntEnum
from typing import TypeAlias

from ..events import Event, EventKind
from ..fields import MAX_NAME
from ..instants import SECOND, Instant

Mark: TypeAlias = tuple[Instant, int, int, int]

UNKNOWN_RUNTIME = -1
COPY_WINDOW = 2 * SECOND
"""So near, two reports of one kind are of one thing: Celery's event monitor repeats what signals
said, mostly within a second (§6.3), and processes' clocks differ. For later ones see `copies`."""
MAX_RUNTIME_MS = 10**12


class Rank(IntEnum):
    """What happened; the order breaks ties of time."""

    SENT = 0
    RECEIVED = 1
    STARTED = 2
    RETRIED = 3
    SUCCEEDED = 4
    FAILED = 5
    REVOKED = 6
    REJECTED = 7

    @property
    def ends(self) -> bool:
        """Whether it ends an attempt."""
        return self >= Rank.RETRIED

    @property
    def terminal(self) -> bool:
        """Whether nothing is expected after it."""
        return self >= Rank.SUCCEEDED


class Source(IntEnum):
    DIRECT = 0
    """Told by the process that ran it."""
    MONITOR = 1
    """Read by an agent from Celery's cluster-wide event stream: one copy an agent."""


RANKS: Mapping[EventKind, Rank] = {
    EventKind.TASK_SENT: Rank.SENT,
    EventKind.TASK_RECEIVED: Rank.RECEIVED,
    EventKind.TASK_STARTED: Rank.STARTED,
    EventKind.TASK_RETRIED: Rank.RETRIED,
    EventKind.TASK_SUCCEEDED: Rank.SUCCEEDED,
    EventKind.TASK_FAILED: Rank.FAILED,
    EventKind.TASK_REVOKED: Rank.REVOKED,
    EventKind.TASK_REJECTED: Rank.REJECTED,
}


def source_of(event: Event) -> Source:
    """Celery's monitor names the worker's node, its signals do not (§6.3)."""
    copied = event.engine == "celery" and event.data.get("worker") is not None
    return Source.MONITOR if copied else Source.DIRECT


def mark_of(event: Event) -> Mark:
    runtime = event.data.get("runtime_ms")
    runtime_us = UNKNOWN_RUNTIME
    if isinstance(runtime, int | float) and 0 <= runtime < MAX_RUNTIME_MS:
        runtime_us = int(runtime * 1_000)
    # As plain integers: marks are stored as JSON and compared often.
    return (event.occurred_at, int(RANKS[event.kind]), _node_of(event), runtime_us)


def _node_of(event: Event) -> int:
    if source_of(event) == Source.DIRECT:
        return int(Source.DIRECT)
    name = str(event.data["worker"])[:MAX_NAME]
    return int(Source.MONITOR) + zlib.crc32(name.encode("utf-8", "surrogatepass"))
