"""What failures have in common, read in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ...domain.ids import ProjectId
from ...domain.instants import DAY, HOUR, Instant
from ...domain.projections.failure_hours import FailureHour, FailureKey, FailureSpan
from ...domain.projections.fingerprints import FailureKind
from ..wire import OrjsonCodec
from .database import PostgresDatabase
from .statements import statements
from .texts import from_column, to_column

_SQL = statements("failures")
_CODEC = OrjsonCodec()


class PostgresFailureViews:
    """Satisfies `FailureViews`."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    async def spans(
        self, project_id: ProjectId, *, since: Instant, until: Instant, step: int
    ) -> Sequence[FailureSpan]:
        wanted = {
            "project": await self._database.number_of(project_id),
            "since": since - since % HOUR,
            "until": until,
            "step": step,
        }
        if step >= HOUR:
            rows = await self._database.reads.fetch(_SQL["spans"], wanted)
            return [
                FailureSpan(fingerprint, from_column(engine), from_column(name), *sums)
                for fingerprint, engine, name, *sums in rows
            ]
        rows = await self._database.reads.fetch(_SQL["hours"], wanted)
        found = [
            span
            for hour, fingerprint, engine, name, document in rows
            for span in FailureHour.from_document(
                FailureKey(project_id, hour, fingerprint, from_column(engine), from_column(name)),
                _CODEC.loads_exact(document),
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
            "project": await self._database.number_of(project_id),
            "fingerprints": list(map(to_column, fingerprints)),
            "since": since - since % DAY,
            "until": until,
        }
        return {
            fingerprint: FailureKind(*map(from_column, said))
            for fingerprint, *said in await self._database.reads.fetch(_SQL["kinds"], wanted)
        }
