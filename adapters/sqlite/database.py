"""One SQLite file: a connection that writes and one that reads."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from ...domain.errors import StoreRejected, StoreUnavailable
from ...domain.ids import ProjectId
from ...domain.vital_signs import PoolLoad
from .migrations import migrate
from .statements import for_rows, statements

BUSY_SECONDS = 2.0
"""How long a statement waits for another process before the database counts as unavailable."""
CHECKPOINT_PAGES = 8_000
"""Of 4 KiB. A page of an index changes in many transactions: the later, the fewer times copied."""

_EVENTS = statements("events")


class SqliteDatabase:
    """The connections, and transactions on them. Errors of SQLite leave as domain errors."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer: aiosqlite.Connection | None = None
        self._reader: aiosqlite.Connection | None = None
        self._writing = asyncio.Lock()
        self._numbers: dict[ProjectId, int] = {}

    async def open(self) -> None:
        """Connect and bring the schema up to date. The file is for its owner only (mode 0600).

        Raises StoreUnavailable, and ConfigurationError for a newer database; nothing stays open.
        """
        try:
            with translated():
                self.path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
                self._writer = await self._connect()
                await self._writer.execute("PRAGMA journal_mode = WAL")
                await self._writer.execute("PRAGMA synchronous = FULL")
                await self._writer.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
                await migrate(self._writer)
                self._reader = await self._connect()
                await self._reader.execute("PRAGMA query_only = ON")
        except BaseException:
            # The process lives as long as the thread of a connection does.
            await asyncio.shield(self.close())
            raise

    async def close(self) -> None:
        reader, writer, self._reader, self._writer = self._reader, self._writer, None, None
        async with AsyncExitStack() as stack:
            for connection in (writer, reader):
                if connection is not None:
                    stack.push_async_callback(connection.close)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A write transaction, alone; rolled back whenever the block does not end well."""
        async with self._writing:
            connection = _open(self._writer)
            with translated():
                try:
                    await connection.execute("BEGIN IMMEDIATE")
                    yield Transaction(connection)
                    await connection.commit()
                except BaseException:
                    # Also on cancellation, when BEGIN may be yet to run: the next transaction must
                    # find none open. Without one this does nothing.
                    await asyncio.shield(connection.rollback())
                    raise

    def loads(self) -> Mapping[str, PoolLoad]:
        """There is no pool."""
        return {}

    async def fetch(self, sql: str, parameters: Any = ()) -> list[sqlite3.Row]:
        with translated():
            return list(await _open(self._reader).execute_fetchall(sql, parameters))

    async def number_of(self, project_id: ProjectId) -> int | None:
        """The small number that stands for a project in large tables; None before its first row."""
        number = self._numbers.get(project_id)
        if number is None:
            rows = await self.fetch(_EVENTS["project_number"], (project_id,))
            if not rows:
                return None
            number = self._numbers[project_id] = rows[0][0]
        return number

    async def project_ids(self) -> dict[int, ProjectId]:
        rows = await self.fetch(_EVENTS["project_numbers"])
        return {row[0]: row[1] for row in rows}

    async def _connect(self) -> aiosqlite.Connection:
        return await aiosqlite.connect(
            self.path,
            isolation_level=None,
            timeout=BUSY_SECONDS,
            cached_statements=512,
        )


class Transaction:
    """What can be done within a write transaction."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def execute(self, sql: str, parameters: Any = ()) -> int:
        """Run one statement; returns how many rows it changed."""
        return (await self._connection.execute(sql, parameters)).rowcount

    async def execute_rows(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        """Run a statement with `VALUES /* rows */` for all rows; returns how many it changed."""
        changed = 0
        for text, parameters in for_rows(sql, rows):
            changed += await self.execute(text, parameters)
        return changed

    async def fetch(self, sql: str, parameters: Any = ()) -> list[sqlite3.Row]:
        return list(await self._connection.execute_fetchall(sql, parameters))

    async def value(self, sql: str, parameters: Any = ()) -> Any:
        """The first column of the first row, or None without one."""
        rows = await self.fetch(sql, parameters)
        return rows[0][0] if rows else None

    async def numbers(self, project_ids: Iterable[ProjectId]) -> dict[ProjectId, int]:
        """The numbers of projects, given to them now where they have none."""
        found: dict[ProjectId, int] = {}
        for project_id in set(project_ids):
            number = await self.value(_EVENTS["project_number"], (project_id,))
            if number is None:
                await self.execute(_EVENTS["number_project"], (project_id,))
                number = await self.value(_EVENTS["project_number"], (project_id,))
            found[project_id] = number
        return found


@contextmanager
def translated() -> Iterator[None]:
    """Errors of SQLite as errors of the ports."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.InterfaceError) as error:
        raise StoreRejected(f"The database refuses this data: {error}.") from error
    except (sqlite3.ProgrammingError, OverflowError) as error:
        raise StoreRejected(f"The database cannot hold this data: {error}.") from error
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable(f"The database cannot be used now: {error}.") from error


def _open(connection: aiosqlite.Connection | None) -> aiosqlite.Connection:
    if connection is None:
        raise StoreUnavailable("The database is not open.")
    return connection
