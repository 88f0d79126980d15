"""A pool of connections for one purpose, and transactions on them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, LiteralString, TypeAlias

from psycopg import AsyncConnection, AsyncCursor, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import UniqueViolation
from psycopg_pool import AsyncConnectionPool

from ...domain.errors import StoreUnavailable
from ...domain.vital_signs import PoolLoad
from .failures import translated

Parameters: TypeAlias = Mapping[str, Any] | Sequence[Any] | None
PREPARE_AFTER = 5
TRUSTED_SECONDS = 1.0
"""A connection that was of use so lately is not asked whether it still works."""


class Connection(AsyncConnection[tuple[Any, ...]]):
    """Knows when it was last used."""

    used_at = 0.0


class Connections:
    """Each is opened when first needed and replaced when it breaks."""

    def __init__(
        self,
        purpose: str,
        conninfo: str,
        most: int,
        *,
        begin: Sequence[bytes],
        direct: bool,
        patient: bool = False,
        wait_seconds: float,
    ) -> None:
        """`begin` is what begins a transaction. `direct` connections are ours alone, so that what is
        set or prepared on them stays. `patient` users try again when a connection turns out to be
        broken, so none is checked. After `wait_seconds` without a free connection the database
        counts as unavailable."""
        self._purpose = purpose
        self._conninfo = conninfo
        self._most = most
        self._begin = begin
        self._direct = direct
        self._patient = patient
        self._wait_seconds = wait_seconds
        self._pool: AsyncConnectionPool[Connection] | None = None

    async def open(self) -> None:
        self._pool = AsyncConnectionPool(
            named(self._conninfo, self._purpose),
            connection_class=Connection,
            min_size=1,
            max_size=self._most,
            open=False,
            name=f"taskdeck-{self._purpose}",
            timeout=self._wait_seconds,
            check=None if self._patient else _check,
            kwargs={
                "autocommit": True,  # transactions begin as `begin` says
                "prepare_threshold": PREPARE_AFTER if self._direct else None,
            },
        )
        with translated():
            await self._pool.open(wait=True, timeout=self._wait_seconds)

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
        self._pool = None

    def load(self) -> PoolLoad:
        """Of the pool, as it counts itself."""
        stats = self._pool.get_stats() if self._pool is not None else {}
        return PoolLoad(
            most=self._most,
            open=stats.get("pool_size", 0),
            free=stats.get("pool_available", 0),
            waiting=stats.get("requests_waiting", 0),
            waits=stats.get("requests_queued", 0),
            waited_seconds=stats.get("requests_wait_ms", 0) / 1_000,
        )

    @asynccontextmanager
    async def transaction(self, *, pipelined: bool = True) -> AsyncIterator[Transaction]:
        """A transaction, rolled back whenever the block does not end well.

        Pipelined, statements travel together until one's rows are asked for; COPY cannot.
        Errors leave as StoreUnavailable or StoreRejected. If the connection breaks during the
        commit nobody knows whether it happened: StoreUnavailable too.
        """
        async with self._connection() as connection, AsyncExitStack() as stack:
            if pipelined:
                await stack.enter_async_context(connection.pipeline())
            for statement in self._begin:
                await connection.execute(statement)
            yield Transaction(connection)
            await connection.commit()

    async def fetch(
        self, query: LiteralString, parameters: Parameters = None
    ) -> list[tuple[Any, ...]]:
        """The rows of one statement."""
        if self._direct:
            async with self._connection() as connection:
                return await (await connection.execute(query, parameters)).fetchall()
        async with self.transaction() as transaction:
            return await transaction.fetch(query, parameters)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        if self._pool is None:
            raise StoreUnavailable("The database is not open.")
        task = asyncio.current_task()
        cancelled = task.cancelling() if task is not None else 0
        with translated():
            async with self._pool.connection() as connection:
                if task is not None and task.cancelling() > cancelled:
                    # The pool forgets a cancelling that comes together with the connection.
                    raise asyncio.CancelledError
                yield connection
                connection.used_at = time.monotonic()


def named(target: str, purpose: str) -> str:
    """The connection string, with what the connection is for in its application name."""
    name = conninfo_to_dict(target).get("application_name", "taskdeck")
    return make_conninfo(target, application_name=f"{name} {purpose}")


async def _check(connection: Connection) -> None:
    if time.monotonic() - connection.used_at > TRUSTED_SECONDS:
        await AsyncConnectionPool.check_connection(connection)


class Transaction:
    """What can be done within a transaction."""

    def __init__(self, connection: AsyncConnection[tuple[Any, ...]]) -> None:
        self._connection = connection

    async def execute(
        self, query: LiteralString | sql.Composed, parameters: Parameters = None
    ) -> None:
        await self._connection.execute(query, parameters)

    async def fetch(
        self, query: LiteralString | sql.Composed, parameters: Parameters = None
    ) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(query, parameters)).fetchall()

    async def ask(
        self, query: LiteralString, parameters: Parameters = None
    ) -> AsyncCursor[tuple[Any, ...]]:
        """Send a statement whose rows are fetched later: several can share one way there and back."""
        return await self._connection.execute(query, parameters)

    async def value(self, query: LiteralString, parameters: Parameters = None) -> Any:
        """The first column of the first row, or None without one."""
        row = await (await self._connection.execute(query, parameters)).fetchone()
        return None if row is None else row[0]

    async def copy(self, query: LiteralString, rows: Iterable[Sequence[object]]) -> bool:
        """COPY all rows or, when one of them is there already, none; tells whether it did.

        Not in a pipelined transaction.
        """
        try:
            async with self._connection.transaction(), self._connection.cursor() as cursor:
                async with cursor.copy(query) as copy:
                    for row in rows:
                        await copy.write_row(row)
        except UniqueViolation:
            return False
        return True
