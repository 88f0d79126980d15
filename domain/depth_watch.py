"""Queue depths out of heartbeats, as events: so that their history is in the log like all else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from .canonical import canonical_json
from .events import Event, EventKind
from .ids import EventId, ProjectId
from .instants import MINUTE, Instant


class DepthWatch:
    """Tells what is new in one session's reports: a changed depth at once, any other each minute."""

    __slots__ = ("_depths", "_told_at")

    def __init__(self) -> None:
        self._depths: dict[tuple[str, str], int] | None = None
        self._told_at: Instant = 0

    def observe(
        self,
        measured: Mapping[str, Mapping[str, int]],
        *,
        project_id: ProjectId,
        session_id: str,
        now: Instant,
    ) -> tuple[Event, ...]:
        """The depths worth storing. A queue that is not reported any more is empty (§7.1)."""
        before = self._depths or {}
        depths = {(engine, queue): 0 for engine, queue in before if engine in measured}
        for engine, queues in measured.items():
            depths.update(((engine, queue), depth) for queue, depth in queues.items())
        again = now - self._told_at >= MINUTE
        news = {key: depth for key, depth in depths.items() if again or before.get(key) != depth}
        # A queue that vanished is told of once; then it is forgotten.
        gone = {key for key in before if key[0] in measured and key[1] not in measured[key[0]]}
        kept = {key: depth for key, depth in {**before, **depths}.items() if key not in gone}
        self._depths = kept or None
        if again:
            self._told_at = now
        return tuple(
            _report(project_id, session_id, engine, queue, depth, now)
            for (engine, queue), depth in news.items()
        )


def _report(
    project_id: ProjectId, session_id: str, engine: str, queue: str, depth: int, at: Instant
) -> Event:
    identity = canonical_json([session_id, engine, queue, at])
    data = {"queue": queue, "depth": depth}
    return Event(
        project_id=project_id,
        id=EventId(hashlib.sha256(identity).digest()[:16]),
        kind=EventKind.QUEUE_DEPTH_REPORT,
        engine=engine,
        task_id="",
        occurred_at=at,
        received_at=at,
        data=data,
        raw=canonical_json(data),
    )
