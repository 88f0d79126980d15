"""The journal in SQLite; its views are folded in the transaction that appends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from sqlite3 import Row

from ...domain.audit import EVERYTHING, AuditFilter
from ...domain.errors import InvalidInput, VersionConflict
from ...domain.ids import ProjectId
from ...domain.journal import GENESIS, Entry, Recorded, Write, chain
from ..wire import OrjsonCodec, journal_data
from .database import SqliteDatabase, Transaction
from .journal_views import fold_journal_into
from .statements import statements

_SQL = statements("journal")
_CODEC = OrjsonCodec()
_PAST_ALL = 2**63 - 1
_BEFORE_ALL = -(2**63)
"""Not 0: who verifies the chain must meet rows that were put before the first one, too."""


class SqliteJournal:
    """Satisfies `Journal`."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def append(self, *writes: Write) -> tuple[Recorded, ...]:
        async with self._database.transaction() as transaction:
            recorded = await _record(transaction, writes)
            rows = [_row_of(each) for each in recorded]
            await transaction.execute_rows(_SQL["insert_entries"], rows)
            await fold_journal_into(transaction, recorded)
        return tuple(recorded)

    async def read(
        self, stream: str, *, after: int = 0, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        wanted = (stream, after, -1 if limit is None else limit)
        return _recorded(await self._database.fetch(_SQL["read_stream"], wanted))

    async def follow(self, after: str | None, *, limit: int = 1_000) -> tuple[Recorded, ...]:
        start = _BEFORE_ALL if after is None else _place(after)
        return _recorded(await self._database.fetch(_SQL["follow"], (start, limit)))

    async def head(self) -> str | None:
        (row,) = await self._database.fetch(_SQL["last_seq"])
        return str(row[0]) if row[0] else None

    async def count(self) -> int:
        (row,) = await self._database.fetch(_SQL["count"])
        return int(row[0])

    async def audit(
        self,
        project_id: ProjectId,
        where: AuditFilter = EVERYTHING,
        *,
        before: str | None = None,
        limit: int = 100,
    ) -> Sequence[Recorded]:
        end = _PAST_ALL if before is None else _place(before)
        wanted = {"project_id": project_id, "before": end, "limit": limit, **asdict(where)}
        return _recorded(await self._database.fetch(_SQL["audit"], wanted))


async def _record(transaction: Transaction, writes: Sequence[Write]) -> list[Recorded]:
    """The entries at their places, chained. Raises VersionConflict."""
    streams = _CODEC.dumps(sorted({write.stream for write in writes})).decode()
    versions = _CODEC.loads(await transaction.value(_SQL["stream_versions"], (streams,)))
    last = await transaction.value(_SQL["last_hash"]) or GENESIS
    seq = await transaction.value(_SQL["last_seq"])
    recorded = []
    for write in writes:
        if versions[write.stream] != write.expected_version:
            raise VersionConflict(
                f"{write.stream} has {versions[write.stream]} entries, "
                f"not {write.expected_version}."
            )
        for entry in write.entries:
            seq += 1
            versions[write.stream] += 1
            version = versions[write.stream]
            last = chain(last, write.stream, version, entry)
            recorded.append(
                Recorded(
                    cursor=str(seq), stream=write.stream, version=version, entry=entry, hash=last
                )
            )
    return recorded


def _row_of(recorded: Recorded) -> tuple[object, ...]:
    entry = recorded.entry
    return (
        int(recorded.cursor),
        recorded.stream,
        recorded.version,
        entry.kind,
        entry.at,
        entry.actor,
        entry.project_id,
        _CODEC.dumps(entry.data).decode(),
        recorded.hash,
    )


def _recorded(rows: Sequence[Row]) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(
            cursor=str(seq),
            stream=stream,
            version=version,
            entry=Entry(
                kind=kind,
                at=at,
                actor=actor,
                project_id=project_id,
                data=journal_data(seq, data),
            ),
            hash=hash_,
        )
        for seq, stream, version, kind, at, actor, project_id, data, hash_ in rows
    )


def _place(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise InvalidInput("this is not a cursor of the journal", field="cursor")
    return int(cursor)
