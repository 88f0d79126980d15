"""Queues by the thousand: which of them are asked for, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from .letters import named
from .paging import decode_cursor
from .projections.queues import Queue

_FIRST = -(2**63)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """All conditions hold together; None means any."""

    engine: str | None = None
    queue: str | None = None
    text: str | None = None
    """Part of the queue's name or its engine's, without regard to the case of A to Z."""

    def matches(self, queue: Queue) -> bool:
        _, engine, name = queue.key
        return (
            self.engine in (None, engine)
            and self.queue in (None, name)
            and (self.text is None or named(self.text, (engine, name)))
        )


@dataclass(frozen=True, slots=True)
class QueuePage:
    """`next_cursor` is None on the last page."""

    queues: tuple[Queue, ...]
    next_cursor: str | None


def queue_place(queue: Queue) -> tuple[int, str, str]:
    """What pages are ordered by, the lowest first: the deepest, last those that nobody measured."""
    return 1 if queue.depth is None else -queue.depth, queue.key.engine, queue.key.queue


def queues_after(cursor: str | None) -> tuple[int, str, str]:
    """The place behind which a page begins. Raises InvalidInput."""
    if cursor is None:
        return _FIRST, "", ""
    depth, engine, queue = decode_cursor(cursor, int, str, str)
    return depth, engine, queue
