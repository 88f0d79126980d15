"""Where tasks are kept: each in one partition, that of the day it was first heard of.

No unique index spans the partitions, so that a task has one row is a matter of locks. Writers whose
events were all received today share one: two of them that file the same new task meet in the key of the
same day. Whoever might file under another day, around midnight or after an outage, works alone, and then
sees what the others filed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from ...domain.events import Event
from ...domain.ids import ProjectId
from ...domain.instants import DAY, MINUTE, Instant
from ...domain.projections.folding import key_of, task_keys
from ...domain.projections.tasks import TaskKey
from .connections import Transaction
from .documents import columns
from .locks import FILING
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
    transaction: Transaction, events: Sequence[Event], numbers: Numbers, *, together: bool
) -> Mapping[TaskKey, Place]:
    """The places of all tasks that events concern; what is nowhere yet gets the day of its receipt."""
    keys = task_keys(events)
    if not keys:
        return {}
    await transaction.execute(_SQL["file_together" if together else "file_alone"], {"lock": FILING})
    filed_at = {
        key_of(event): event.received_at - event.received_at % DAY for event in reversed(events)
    }
    bare = [
        (numbers[key.project_id], to_column(key.engine), to_column(key.task_id)) for key in keys
    ]
    wanted = columns(("project", "engine", "task_id"), bare)
    latest = max(filed_at.values()) + DAY
    for place, found in await transaction.fetch(_SQL["find_tasks"], {**wanted, "latest": latest}):
        filed_at[keys[place - 1]] = found
    return {key: (*row, filed_at[key]) for key, row in zip(keys, bare, strict=True)}
