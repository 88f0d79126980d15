"""Where tasks are kept: each in one partition, that of the day it was first heard of.

No index spans the days, and to look a new task up in each would cost more with every day that is kept.
So a *filing* notes the day under a hash of the task's key: 85 bytes, in partitions of ten days. The day
is a function of the hash: should two tasks ever share one (64 bits of SHA-256), they share the day.

Whoever files a task holds the lock of its filing until the commit, so that two writers that file the same
new task under the same day meet there. Writers whose events were all received today share a lock. Whoever
might file under another day, around midnight or after an outage, works alone, and then sees what the
others filed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

from ...domain.events import Event
from ...domain.ids import ProjectId
from ...domain.instants import DAY, MINUTE, Instant
from ...domain.projections.folding import key_of, task_keys
from ...domain.projections.tasks import TaskKey, concerns_task
from ...domain.retention import day_of
from .connections import Transaction
from .documents import columns
from .locks import FILING
from .partitions import TASKS, Room, days_of_tables
from .statements import statements
from .texts import to_column

_SQL = statements("folding")
MARGIN = 5 * MINUTE
"""Longer than a transaction lasts, and than clocks of replicas differ."""

Numbers: TypeAlias = Mapping[ProjectId, int]
Place: TypeAlias = tuple[int, str, str, int]
"""Project, engine, task id, and the start of the day."""


def is_of_today(events: Iterable[Event], now: Instant) -> bool:
    """Whether all writers that say so at this moment file under the same day."""
    start = now - now % DAY
    return all(start <= event.received_at < start + DAY for event in events) and (
        start + MARGIN <= now < start + DAY - MARGIN
    )


async def file_tasks(
    transaction: Transaction,
    events: Sequence[Event],
    numbers: Numbers,
    room: Room,
    *,
    together: bool,
) -> Mapping[TaskKey, Place]:
    """The places of all tasks that events concern; what is nowhere yet gets the day of its receipt."""
    keys = task_keys(events)
    if not keys:
        return {}
    await transaction.execute(_SQL["file_together" if together else "file_alone"], {"lock": FILING})
    bare = {
        key: (numbers[key.project_id], to_column(key.engine), to_column(key.task_id))
        for key in keys
    }
    hashes = {key: hash_of(*bare[key]) for key in keys}
    filed_at = {
        hashes[key_of(event)]: event.received_at - event.received_at % DAY
        for event in reversed(events)
        if concerns_task(event)
    }
    # In the order of their index, of which only so much is in use at a time.
    known = await _filed(transaction, sorted(filed_at), room)
    new = sorted((number, day) for number, day in filed_at.items() if number not in known)
    if new:
        await transaction.execute(_SQL["file"], columns(("hash", "filed_at"), new))
    filed_at |= known
    return {key: (*bare[key], filed_at[hashes[key]]) for key in keys}


def hash_of(project: int, engine: str, task_id: str) -> int:
    """As `task_hash` in the database (migration 4)."""
    digest = sha256(f"{project}:{engine}:{task_id}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


async def _filed(
    transaction: Transaction, hashes: Sequence[int], room: Room
) -> Mapping[int, Instant]:
    """The newest day of each hash that is filed under a day that is still kept."""
    found = await transaction.fetch(_SQL["find_filings"], {"hash": hashes})
    kept = room.task_days
    if not kept.issuperset(day_of(filed_at) for _, filed_at in found):
        # Dropped, or made by another replica.
        kept = (await days_of_tables(transaction))[TASKS]
    return {hashes[n - 1]: filed_at for n, filed_at in found if day_of(filed_at) in kept}
