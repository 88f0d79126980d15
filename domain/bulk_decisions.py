"""What may happen to a bulk operation next.

Like `command_decisions`: each looks at the operation as it stands and returns the entry to append at
its version, None where there is nothing new, and raises Conflict where it cannot be.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from .bulk import Bulk, BulkEntry, BulkStatus
from .command_decisions import BRAIN
from .errors import Conflict
from .ids import BulkId, ProjectId, ReplicaId
from .instants import Instant
from .journal import Entry

MOST_UNANSWERED = 500
"""Commands of one operation that may be under way: workers that fall behind slow it down."""
MOST_OPEN = 20
"""Operations of a project that have not ended."""
MAX_RATE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an operator asked for, checked."""

    action: str
    query: str
    resolved_query: str
    rate_per_second: int


def create(
    wanted: Wanted,
    *,
    bulk_id: BulkId,
    project_id: ProjectId,
    items: str,
    total: int,
    holder: ReplicaId,
    by: str,
    at: Instant,
) -> Entry:
    """The first entry of the stream; its expected version is 0."""
    data = {
        "id": bulk_id,
        "action": wanted.action,
        "query": wanted.query,
        "resolved_query": wanted.resolved_query,
        "rate_per_second": wanted.rate_per_second,
        "total": total,
        "items": items,
        "holder": holder,
    }
    return Entry(kind=BulkEntry.CREATED.value, at=at, actor=by, project_id=project_id, data=data)


def repeats(bulk: Bulk, wanted: Wanted) -> bool:
    """Whether the operation was created by the same request."""
    return (bulk.action, bulk.query) == (wanted.action, wanted.query)


def take(
    bulk: Bulk, replica_id: ReplicaId, alive: Collection[ReplicaId], *, at: Instant
) -> Entry | None:
    """Go on with what a replica left behind that is not alive any more."""
    if bulk.status is not BulkStatus.RUNNING or bulk.holder in alive:
        return None
    return _entry(bulk, BulkEntry.TAKEN, at, BRAIN, replica_id=replica_id)


def room(bulk: Bulk, allowance: float) -> int:
    """How many items may be issued now."""
    return max(0, min(int(allowance), MOST_UNANSWERED - bulk.unanswered, bulk.total - bulk.reached))


def advance(bulk: Bulk, *, reached: int, skipped: Mapping[int, str], at: Instant) -> Entry:
    """The items up to `reached` have their commands, written with this, or a reason for none."""
    said = {str(number): reason for number, reason in skipped.items()}
    return _entry(bulk, BulkEntry.ADVANCED, at, BRAIN, reached=reached, skipped=said)


def finish(bulk: Bulk, *, at: Instant) -> Entry | None:
    """Every item has come to its end."""
    if bulk.status is not BulkStatus.RUNNING or bulk.done < bulk.total:
        return None
    return _entry(bulk, BulkEntry.FINISHED, at, BRAIN, skipped=bulk.skipped, ends=bulk.ends)


def pause(bulk: Bulk, *, by: str, at: Instant) -> Entry | None:
    _still_open(bulk)
    running = bulk.status is BulkStatus.RUNNING
    return _entry(bulk, BulkEntry.PAUSED, at, by) if running else None


def resume(bulk: Bulk, *, by: str, at: Instant) -> Entry | None:
    _still_open(bulk)
    paused = bulk.status is BulkStatus.PAUSED
    return _entry(bulk, BulkEntry.RESUMED, at, by) if paused else None


def cancel(bulk: Bulk, *, by: str, at: Instant) -> Entry | None:
    """Issue nothing more. What is under way goes on."""
    if bulk.status is BulkStatus.CANCELLED:
        return None
    _still_open(bulk)
    return _entry(bulk, BulkEntry.CANCELLED, at, by)


def _still_open(bulk: Bulk) -> None:
    if not bulk.status.open:
        raise Conflict(f"The bulk operation has ended already: {bulk.status}.")


def _entry(bulk: Bulk, kind: BulkEntry, at: Instant, actor: str, **data: Any) -> Entry:
    return Entry(kind=kind.value, at=at, actor=actor, project_id=bulk.project_id, data=data)
