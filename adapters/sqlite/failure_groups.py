"""What failures have in common, in SQLite: counted within the fold."""

from __future__ import annotations

from collections.abc import Mapping

from ...domain.ids import ProjectId
from ...domain.instants import Instant
from ...domain.projections.failure_hours import (
    FailureHour,
    KindKey,
    kinds_of,
    newcomers,
    regrouped,
)
from ...domain.projections.fingerprints import UNKNOWN
from ...domain.projections.folding import Changes
from ..wire import OrjsonCodec
from .database import Transaction
from .statements import statements

_SQL = statements("failures")
_CODEC = OrjsonCodec()

Numbers = Mapping[ProjectId, int]


async def count_failures(transaction: Transaction, changes: Changes, numbers: Numbers) -> None:
    """Add to the hours, under the kinds that their days have room for."""
    if not changes.failures:
        return
    kept = await _kept(transaction, changes, numbers)
    rows = {
        (numbers[key.project_id], *key[1:]): row
        for key, row in regrouped(changes.failures, kept).items()
    }
    found = await transaction.value(_SQL["load_hours"], (_CODEC.dumps(list(rows)).decode(),))
    for *place, document in _CODEC.loads_exact(found):
        row = rows[tuple(place)]
        row.add(FailureHour.from_document(row.key, document))
    await transaction.execute_rows(
        _SQL["save_hours"], [(*place, *_values(row)) for place, row in rows.items()]
    )


async def _kept(transaction: Transaction, changes: Changes, numbers: Numbers) -> set[KindKey]:
    """Those of the kinds that their days have, or take now."""
    wanted = kinds_of(changes.failures)
    projects = {number: project_id for project_id, number in numbers.items()}
    days = {(numbers[key.project_id], key.day) for key in wanted}
    text = await transaction.value(_SQL["kinds_of_days"], (_CODEC.dumps(list(days)).decode(),))
    counts: dict[tuple[ProjectId, Instant], int] = {}
    known: set[KindKey] = set()
    for number, day, fingerprints in _CODEC.loads(text):
        counts[projects[number], day] = len(fingerprints)
        known.update(KindKey(projects[number], day, each) for each in fingerprints)
    new = newcomers(wanted, known, counts)
    rows = []
    for key in new:
        kind = changes.kinds.get((key.project_id, key.fingerprint), UNKNOWN)
        rows.append((numbers[key.project_id], *key[1:], kind.exception, kind.message, kind.place))
    await transaction.execute_rows(_SQL["add_kinds"], rows)
    return known.union(new)


def _values(row: FailureHour) -> tuple[object, ...]:
    whole = row.whole()
    document = _CODEC.dumps(row.to_document()).decode()
    return whole.failed, whole.retried, whole.first_at, whole.last_at, document
