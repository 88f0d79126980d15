"""The journal in PostgreSQL; its views are folded in the transaction that appends.

Writers of all replicas take turns by a lock that is held until after the commit. So there is one chain
of hashes, `seq` has no gaps and rises in the order of commits, and following it misses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ...domain.audit import EVERYTHING, AuditFilter
from ...domain.errors import InvalidInput, VersionConflict
from ...domain.ids import ProjectId
from ...domain.journal import GENESIS, Entry, Recorded, Write, chain
from ...domain.retention import day_of
from ..wire import OrjsonCodec, journal_data
from .append_group import AppendGroup, Result
from .connections import Transaction
from .database import PostgresDatabase
from .documents import columns, dumped
from .failures import PartitionMissing
from .journal_views import fold_journal_into
from .locks import JOURNAL
from .partitions import COMMANDS
from .statements import statements
from .texts import from_column, to_column

_SQL = statements("journal")
_CODEC = OrjsonCodec()
_PAST_ALL = 2**63 - 1
_BEFORE_ALL = -(2**63)
"""Not 0: who verifies the chain must meet rows that were put before the first one, too."""
_COLUMNS = ("seq", "stream", "version", "kind", "at", "actor", "project_id", "data", "hash")


class PostgresJournal:
    """Satisfies `Journal`."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._connections = database.decisions
        self._partitions = database.partitions
        self._group = AppendGroup(self._append_all)

    async def append(self, *writes: Write) -> tuple[Recorded, ...]:
        return await self._group.append(writes)

    async def _append_all(self, requests: Sequence[Sequence[Write]]) -> Sequence[Result]:
        try:
            return await self._append_once(requests)
        except PartitionMissing:
            entries = [e for writes in requests for write in writes for e in write.entries]
            await self._partitions.make({COMMANDS: {day_of(entry.at) for entry in entries}})
            return await self._append_once(requests)

    async def _append_once(self, requests: Sequence[Sequence[Write]]) -> Sequence[Result]:
        async with self._connections.transaction() as transaction:
            await lock_journal(transaction)
            end = await _find_end(transaction, requests)
            results = [end.record(writes) for writes in requests]
            recorded = [each for result in results if isinstance(result, tuple) for each in result]
            if recorded:
                rows = columns(_COLUMNS, [_row_of(each) for each in recorded])
                await transaction.execute(_SQL["insert_entries"], rows)
                await fold_journal_into(transaction, recorded)
        return results

    async def read(
        self, stream: str, *, after: int = 0, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        return await self._fetch("read_stream", stream=to_column(stream), after=after, limit=limit)

    async def follow(self, after: str | None, *, limit: int = 1_000) -> tuple[Recorded, ...]:
        start = _BEFORE_ALL if after is None else _place(after)
        return await self._fetch("follow", after=start, limit=limit)

    async def head(self) -> str | None:
        rows = await self._connections.fetch(_SQL["last"])
        return str(rows[0][0]) if rows else None

    async def count(self) -> int:
        rows = await self._connections.fetch(_SQL["count"])
        return int(rows[0][0])

    async def audit(
        self,
        project_id: ProjectId,
        where: AuditFilter = EVERYTHING,
        *,
        before: str | None = None,
        limit: int = 100,
    ) -> Sequence[Recorded]:
        end = _PAST_ALL if before is None else _place(before)
        wanted = {
            name: to_column(value) if isinstance(value, str) else value
            for name, value in asdict(where).items()
        }
        return await self._fetch("audit", project_id=project_id, before=end, limit=limit, **wanted)

    async def _fetch(self, name: str, **wanted: object) -> tuple[Recorded, ...]:
        return _recorded(await self._connections.fetch(_SQL[name], wanted))


async def lock_journal(transaction: Transaction) -> None:
    """Wait for this writer's turn to append, or to fold the journal's views."""
    await transaction.execute(_SQL["lock"], {"lock": JOURNAL})


@dataclass(slots=True)
class _End:
    """The end of the chain and the versions of some streams, as appends move them on."""

    seq: int
    hash: bytes
    versions: dict[str, int]

    def record(self, writes: Sequence[Write]) -> Result:
        """The entries of one append at their places; nothing moves if a version is wrong."""
        expected = dict(self.versions)
        for write in writes:
            present = expected.get(write.stream, 0)
            if present != write.expected_version:
                return VersionConflict(
                    f"{write.stream} has {present} entries, not {write.expected_version}."
                )
            expected[write.stream] = present + len(write.entries)
        return tuple(self._next(write.stream, entry) for write in writes for entry in write.entries)

    def _next(self, stream: str, entry: Entry) -> Recorded:
        self.seq += 1
        version = self.versions.get(stream, 0) + 1
        self.versions[stream] = version
        self.hash = chain(self.hash, stream, version, entry)
        return Recorded(
            cursor=str(self.seq), stream=stream, version=version, entry=entry, hash=self.hash
        )


async def _find_end(transaction: Transaction, requests: Sequence[Sequence[Write]]) -> _End:
    streams = sorted({to_column(write.stream) for writes in requests for write in writes})
    versions = await transaction.ask(_SQL["stream_versions"], {"streams": streams})
    last = await transaction.ask(_SQL["last"])
    found = {from_column(stream): version for stream, version in await versions.fetchall()}
    seq, last_hash = await last.fetchone() or (0, GENESIS)
    return _End(seq, last_hash, found)


def _row_of(recorded: Recorded) -> tuple[object, ...]:
    entry = recorded.entry
    return (
        int(recorded.cursor),
        to_column(recorded.stream),
        recorded.version,
        entry.kind,
        entry.at,
        to_column(entry.actor),
        entry.project_id,
        dumped(entry.data),
        recorded.hash,
    )


def _recorded(rows: Sequence[tuple[Any, ...]]) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(
            cursor=str(seq),
            stream=from_column(stream),
            version=version,
            entry=Entry(
                kind=kind,
                at=at,
                actor=from_column(actor),
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
