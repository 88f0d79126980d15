"""Each event once, over all partitions and replicas, without a unique index over all of them.

A unique index of a partitioned table must contain the partition's key, the time of receipt, and that
differs between copies of an event. So each partition has an index of its own on (project, id), and
what makes an event the only one is its *home*: the day it happened on, which all copies share, for a
resent event does not change (agent-protocol.md §5).

* An event received on its home day goes into that partition, whose index refuses all but one.
* An event received on any other day first puts a *mark* under its id into the partition of its home:
  a row without a kind, which readers do not see. If the mark, or the event itself, was there already,
  the event is a copy. If not, the event goes into the partition of the day it was received on.

So every copy contends for the same entry of the same index, whenever and wherever it arrives. No clock
is trusted, no lock is taken, and two replicas that append at the same moment around midnight are told
apart by the index: the second waits for the first's commit. Only events that cross midnight pay.

Events older than the first partition (retention dropped their home) cannot be marked. They are rare:
their writers take turns by a lock and look their ids up in all partitions.

An id that an agent used again for another fact is recognised within a day of occurrence or receipt only.

New events are copied in, which is quickest but fails if one of them is a copy; then, and for few or
marked ones, INSERT … ON CONFLICT does it. Rows go in by id, so that no two writers wait in a circle.
Events/s over one connection, 560 bytes each, of COPY and of INSERT: 50 a batch 21 000 and 23 000, 500
a batch 52 000 and 36 000, 5 000 a batch 70 000 and 44 000.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from ...domain.events import Event
from ...domain.ids import EventId, ProjectId
from ...domain.retention import day_of
from .connections import Transaction
from .documents import columns
from .locks import OLD_EVENTS
from .statements import statements
from .texts import to_column

_SQL = statements("events")
COPY_FROM = 150
"""Events; fewer are inserted."""

Row: TypeAlias = tuple[Any, ...]
_COLUMNS = ("occurred_at", "received_at", "id", "project", "n", "kind", "engine", "task_id", "data")
_ID, _PROJECT, _N = 2, 3, 4


def days_of(events: Iterable[Event]) -> tuple[frozenset[int], frozenset[int]]:
    """The days that events were received on, and those that they happened on."""
    events = list(events)
    return (
        frozenset({day_of(event.received_at) for event in events}),
        frozenset({day_of(event.occurred_at) for event in events}),
    )


async def store(
    transaction: Transaction,
    events: Sequence[Event],
    numbers: Mapping[ProjectId, int],
    first_day: int,
) -> Sequence[Event]:
    """Store what is new, and return it. `first_day` is that of the first partition.

    Partitions for all days of receipt, and for those of occurrence from `first_day` on, must exist.
    """
    at_home: list[Row] = []
    abroad: dict[int, Row] = {}
    old: dict[int, Row] = {}
    distinct = _without_repeats(events)
    for n, event in enumerate(distinct):
        row = _row(n, event, numbers[event.project_id])
        home = day_of(event.occurred_at)
        if home == day_of(event.received_at):
            at_home.append(row)
        elif home >= first_day:
            abroad[n] = row
        else:
            old[n] = row
    if not (abroad or old) and await _copy(transaction, at_home):
        return distinct
    if old:
        await _drop_stored(transaction, old)
    marks = [_mark(row) for row in abroad.values()]
    stored, marked = await _insert(transaction, [*at_home, *marks])
    elsewhere = [*(abroad[n] for n in marked), *old.values()]
    more, _ = await _insert(transaction, elsewhere)
    return [distinct[n] for n in sorted([*stored, *more])]


def _without_repeats(events: Sequence[Event]) -> Sequence[Event]:
    seen: dict[tuple[ProjectId, EventId], Event] = {}
    for event in events:
        seen.setdefault((event.project_id, event.id), event)
    return list(seen.values())


def _row(n: int, event: Event, project: int) -> Row:
    return (
        event.occurred_at,
        event.received_at,
        event.id.hex(),
        project,
        n,
        event.kind.value,
        to_column(event.engine),
        to_column(event.task_id),
        event.raw.decode(),
    )


def _mark(row: Row) -> Row:
    occurred_at, _, event_id, project, n, *_ = row
    return (occurred_at, occurred_at, event_id, project, n, None, "", "", "")


def _by_id(row: Row) -> tuple[int, str]:
    return row[_PROJECT], row[_ID]


async def _drop_stored(transaction: Transaction, old: dict[int, Row]) -> None:
    """Forget those of the old events that are stored in any partition."""
    await transaction.execute(_SQL["lock"], {"lock": OLD_EVENTS})
    wanted = {
        "n": list(old),
        "project": [row[_PROJECT] for row in old.values()],
        "id": [row[_ID] for row in old.values()],
    }
    for (n,) in await transaction.fetch(_SQL["already_stored"], wanted):
        del old[n]


async def _copy(transaction: Transaction, rows: list[Row]) -> bool:
    """Copy the rows in, if there are many and all of them new; tells whether it did."""
    if len(rows) < COPY_FROM:
        return False
    rows.sort(key=_by_id)
    batch = await transaction.value(_SQL["batch_number"])
    return await transaction.copy(_SQL["copy_events"], ((batch, *row) for row in rows))


async def _insert(transaction: Transaction, rows: list[Row]) -> tuple[Sequence[int], Sequence[int]]:
    """Insert what is new; returns `n` of each new event and of each new mark."""
    if not rows:
        return (), ()
    rows.sort(key=_by_id)
    ((stored, marked),) = await transaction.fetch(_SQL["insert_events"], columns(_COLUMNS, rows))
    return stored, marked
