"""What failures have in common, read in SQLite."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...domain.ids import ProjectId
from ...domain.instants import DAY, HOUR, Instant
from ...domain.projections.failure_hours import FailureHour, FailureKey, FailureSpan
from ...domain.projections.fingerprints import FailureKind
from ..wire import OrjsonCodec
from .database import SqliteDatabase
from .statements import statements

_SQL = statements("failures")
_CODEC = OrjsonCodec()


class SqliteFailureViews:
    """Satisfies `FailureViews`."""

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
