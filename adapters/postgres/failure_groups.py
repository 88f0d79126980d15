"""What failures have in common, in PostgreSQL: counted within the fold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from psycopg import sql

from ...domain.ids import ProjectId
from ...domain.instants import Instant
from ...domain.projections.failure_hours import (
    FailureHour,
    FailureKey,
    KindKey,
    kinds_of,
    newcomers,
    regrouped,
)
from ...domain.projections.fingerprints import UNKNOWN
from ...domain.projections.folding import Changes
from ...domain.retention import day_of
from ..wire import OrjsonCodec
from .connections import Transaction
from .documents import Documents, columns, dumped
from .filing import Numbers
from .locks import KINDS
from .partitions import FAILURE_HOURS, FAILURE_KINDS, partition_name
from .statements import statements
from .texts import to_column

_SQL = statements("failures")
_EVENTS = statements("events")
_HOURS = Documents(
    "failure_hours", ("project", "hour", "fingerprint", "engine", "name"), FAILURE_HOURS
)
_CODEC = OrjsonCodec()
_KIND = ("project", "day", "fingerprint", "exception", "message", "place")


async def count_failures(
    transaction: Transaction,
    differences: Mapping[FailureKey, FailureHour],
    told: Changes,
    numbers: Numbers,
) -> None:
    """Add to the hours, under the kinds that their days have room for."""
    wanted = kinds_of(differences)
    if not wanted:
        return
    kept = await _kept(transaction, wanted, told, numbers)
    rows = {
        (
            numbers[key.project_id], key.hour, key.fingerprint,
            to_column(key.engine), to_column(key.name),
        ): row
        for key, row in regrouped(differences, kept).items()
    }  # fmt: skip
    for place, document in (await _HOURS.claim(transaction, rows)).items():
        rows[place].add(FailureHour.from_document(rows[place].key, document))
    await _HOURS.save(
        transaction,
        {place: (*_sums(row), dumped(row.to_document())) for place, row in rows.items()},
        ("failed", "retried", "first_at", "last_at", "document"),
    )


async def _kept(
    transaction: Transaction, wanted: Sequence[KindKey], told: Changes, numbers: Numbers
) -> set[KindKey]:
    """Those of the kinds that their days have, or take now.

    What a day has it keeps, and a full day takes nothing more: only who brings something new waits
    for others that do.
    """
    known = await _known(transaction, wanted, numbers)
    if len(known) < len(wanted) and await _new(transaction, wanted, known, numbers):
        await transaction.execute(_EVENTS["lock"], {"lock": KINDS})
        known = await _known(transaction, wanted, numbers)
        new = await _new(transaction, wanted, known, numbers)
        rows = []
        for key in new:
            kind = told.kinds.get((key.project_id, key.fingerprint), UNKNOWN)
            said = map(to_column, (kind.exception, kind.message, kind.place))
            rows.append((numbers[key.project_id], *key[1:], *said))
        if rows:
            await transaction.execute(_SQL["add_kinds"], columns(_KIND, rows))
        known.update(new)
    return known


async def _known(
    transaction: Transaction, wanted: Sequence[KindKey], numbers: Numbers
) -> set[KindKey]:
    known: set[KindKey] = set()
    for day, kinds in _by_day(wanted):
        keys = columns(
            ("project", "fingerprint"),
            [(numbers[kind.project_id], kind.fingerprint) for kind in kinds],
        )
        rows = await transaction.fetch(_of_day("known_kinds", day), {"day": day, **keys})
        known.update(kinds[place - 1] for (place,) in rows)
    return known


async def _new(
    transaction: Transaction,
    wanted: Sequence[KindKey],
    known: Collection[KindKey],
    numbers: Numbers,
) -> list[KindKey]:
    projects = {numbers[kind.project_id]: kind.project_id for kind in wanted}
    counts: dict[tuple[ProjectId, Instant], int] = {}
    for day, _ in _by_day(wanted):
        asked = {"day": day, "projects": list(projects)}
        for number, count in await transaction.fetch(_of_day("count_kinds", day), asked):
            counts[projects[number], day] = count
    return newcomers(wanted, known, counts)


def _by_day(kinds: Sequence[KindKey]) -> Sequence[tuple[Instant, Sequence[KindKey]]]:
    days: defaultdict[Instant, list[KindKey]] = defaultdict(list)
    for kind in kinds:
        days[kind.day].append(kind)
    return sorted(days.items())


def _of_day(statement: str, day: Instant) -> sql.Composed:
    """Of one partition by its own name: a plan for all of them would lock all."""
    name = partition_name(FAILURE_KINDS, day_of(day))
    return sql.SQL(_SQL[statement]).format(table=sql.Identifier(name))


def _sums(row: FailureHour) -> tuple[int, int, Instant, Instant]:
    whole = row.whole()
    return whole.failed, whole.retried, whole.first_at, whole.last_at
