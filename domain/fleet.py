"""Workers by the thousand: which of them are asked for, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass

from .instants import Instant
from .letters import named
from .paging import decode_cursor
from .projections.workers import Worker

MOST_DEPLOYMENTS = 200
MOST_NAMED = 2_000
MOST_GONE = 10_000
"""More are not counted: each start of a process may be a worker of its own."""
_LAST = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerFilter:
    """All conditions hold together; None means any."""

    online: bool | None = None
    deployment: str | None = None
    """`Worker.deployment`."""
    text: str | None = None
    """Part of the worker's id, its process or its node, without regard to the case of A to Z."""

    def matches(self, worker: Worker) -> bool:
        return (
            self.online in (None, worker.online)
            and self.deployment in (None, worker.deployment)
            and (self.text is None or named(self.text, worker.names))
        )

    def place(self, worker: Worker) -> tuple[Instant, str, str]:
        """What pages are ordered by, the highest first: those that are gone by when they left."""
        at = worker.opened_at if self.online is not False else worker.left_at or 0
        return at, worker.slot.agent_id, worker.slot.worker_id


@dataclass(frozen=True, slots=True)
class WorkerPage:
    """`next_cursor` is None on the last page."""

    workers: tuple[Worker, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Deployment:
    name: str
    online: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """How many workers a project has."""

    online: int
    losing: int
    """Of those online: could not deliver all their events."""
    gone: int
    """Left since the moment that was asked for; at most `MOST_GONE` are counted."""
    left_at: Instant | None
    """When the last one left that is still gone."""
    deployments: tuple[Deployment, ...]
    """Of those online, the largest first, at most `MOST_DEPLOYMENTS`."""


def workers_before(cursor: str | None) -> tuple[Instant, str, str]:
    """The place in front of which a page begins. Raises InvalidInput."""
    if cursor is None:
        return _LAST, "", ""
    at, agent_id, worker_id = decode_cursor(cursor, int, str, str)
    return at, agent_id, worker_id
