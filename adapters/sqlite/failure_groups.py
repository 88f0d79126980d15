"""What failures have in common, in SQLite: counted within the fold, and read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...domain.ids import ProjectId
from ...domain.instants import DAY, HOUR, Instant
from ...domain.projections.failure_hours import (
    FailureHour,
    FailureKey,
    FailureSpan,
    KindKey,
    kinds_of,
    newcomers,
    regrouped,
)
from ...domain.projections.fingerprints import UNKNOWN, FailureKind
from ...domain.projections.folding import Changes
from ..wire import OrjsonCodec
from .database import SqliteDatabase, Transaction
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


class SqliteFailureGroups:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def spans(
        self, project_id: ProjectId, *, since: Instant, until: Instant, step: int
    ) -> Sequence[FailureSpan]:
        wanted = {"since": since - since % HOUR, "until": until, "step": step}
        if step >= HOUR:
            return [FailureSpan(*row) for row in await self._fetch(project_id, "spans", wanted)]
        found = [
            span
            for hour, fingerprint, engine, name, document in await self._fetch(
                project_id, "hours", wanted
            )
            for span in FailureHour.from_document(
                FailureKey(project_id, hour, fingerprint, engine, name), document
            ).spans(since, until, step)
        ]
        return sorted(found, key=lambda span: (span.at, *span))

    async def kinds(
        self,
        project_id: ProjectId,
        fingerprints: Collection[str],
        *,
        since: Instant,
        until: Instant,
    ) -> Mapping[str, FailureKind]:
        wanted = {
            "fingerprints": _CODEC.dumps(list(fingerprints)).decode(),
            "since": since - since % DAY,
            "until": until,
        }
        rows = await self._fetch(project_id, "kinds", wanted)
        return {fingerprint: FailureKind(*said) for fingerprint, *said in rows}

    async def _fetch(
        self, project_id: ProjectId, statement: str, wanted: Mapping[str, object]
    ) -> Any:
        """All rows at once, put together by SQLite."""
        number = await self._database.number_of(project_id)
        ((text,),) = await self._database.fetch(_SQL[statement], {"project": number, **wanted})
        return _CODEC.loads_exact(text)
