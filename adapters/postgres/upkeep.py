"""Partitions made ahead and dropped whole when they are too old, beside writers and readers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from psycopg import AsyncConnection, sql

from ...domain.instants import DAY, Instant
from ...domain.retention import DataKind, RetentionDays, day_of, first_kept_day
from .connections import named
from .database import PostgresDatabase
from .failures import translated
from .locks import UPKEEP
from .partitions import (
    COMMANDS,
    COUNTS,
    EVENTS,
    FILINGS,
    QUEUE_MINUTES,
    STATISTICS,
    STATISTICS_SUMS,
    TABLES,
    TASKS,
    days_kept,
    days_of_tables,
)
from .statements import statements
from .sums import sum_up

_SQL = statements("upkeep")
_NAMES = {"tables": [table.name for table in TABLES]}
_LEFT_BEHIND: Final = {"names": f"^({'|'.join(_NAMES['tables'])})_[0-9]{{8}}$"}
_KINDS: Final = {
    EVENTS: DataKind.EVENTS,
    TASKS: DataKind.TASKS,
    FILINGS: DataKind.TASKS,
    COMMANDS: DataKind.COMMANDS,
    **dict.fromkeys((*COUNTS, STATISTICS_SUMS), DataKind.STATISTICS),
}
MOST_AT_ONCE = 5
"""Partitions of one call."""
SLICE = 1_000
"""Workers of one call."""


class PostgresUpkeep:
    """Satisfies `Upkeep`. `target` must be a direct connection, not one through a pooler."""

    def __init__(self, database: PostgresDatabase, target: str, days: RetentionDays) -> None:
        self._database = database
        self._target = named(target, "upkeep")
        self._days = {table.name: kept for table, kept in days_kept(days).items()}
        self._queues_pruned_on: int | None = None

    async def make_room(self, now: Instant) -> None:
        await self._database.partitions.make_ahead(now)

    async def prune(self, now: Instant) -> bool:
        async with self._alone() as connection:
            if connection is None:
                return False
            await self._drop_left_behind(connection)
            due = [
                (table, partition, pending)
                for table, partition, day, pending in await _rows(connection, "partitions", _NAMES)
                if pending or day < first_kept_day(now, self._days[table])
            ]
            for table, partition, pending in due[:MOST_AT_ONCE]:
                await _drop(connection, table, partition, pending=pending)
            before = first_kept_day(now, self._days[TASKS.name]) * DAY
            wanted = {"before": before, "slice": SLICE}
            ((workers,),) = await _rows(connection, "prune_workers", wanted)
            await connection.execute(_SQL["long_waits"])
            if len(due) <= MOST_AT_ONCE:
                await self._prune_queues(connection, now)
            if not due:
                await _analyse(connection)
        if due:
            await self._database.partitions.refresh()
        return len(due) > MOST_AT_ONCE or workers == SLICE

    async def _prune_queues(self, connection: AsyncConnection[Any], now: Instant) -> None:
        """Once a day, because all minutes are read for it."""
        if self._queues_pruned_on != day_of(now):
            before = first_kept_day(now, self._days[QUEUE_MINUTES.name]) * DAY
            await connection.execute(_SQL["prune_queues"], {"before": before})
            self._queues_pruned_on = day_of(now)

    async def sum_up(self, now: Instant, *, since: Instant) -> bool:
        kept = first_kept_day(now, self._days[STATISTICS.name]) * DAY
        return await sum_up(self._database, now, max(since, kept))

    async def oldest_days(self) -> Mapping[DataKind, int]:
        async with self._database.reads.transaction() as transaction:
            days = await days_of_tables(transaction)
        found: dict[DataKind, int] = {}
        for table, of_table in days.items():
            if of_table:
                # A partition of several days goes with the last of them.
                oldest, kind = min(of_table) + table.days - 1, _KINDS[table]
                found[kind] = min(oldest, found.get(kind, oldest))
        return found

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[AsyncConnection[Any] | None]:
        """A connection of its own; None while another replica is at work."""
        with translated():
            async with await AsyncConnection.connect(self._target, autocommit=True) as connection:
                await connection.execute(_SQL["short_waits"])
                ((locked,),) = await _rows(connection, "try_lock", {"lock": UPKEEP})
                yield connection if locked else None
                if locked:
                    # Closing gives it up as well, but not before the next call asks for it.
                    await connection.execute(_SQL["unlock"], {"lock": UPKEEP})

    async def _drop_left_behind(self, connection: AsyncConnection[Any]) -> None:
        # A partition in the making is not of a table yet either: nobody makes any meanwhile.
        async with self._database.partitions.held_still():
            for (partition,) in await _rows(connection, "left_behind", _LEFT_BEHIND):
                await _run(connection, "drop", partition, partition)


async def _analyse(connection: AsyncConnection[Any]) -> None:
    """Once a day, and when nothing else is to be done: of a large table it may take minutes."""
    for (table,) in await _rows(connection, "not_analysed", _NAMES):
        await _run(connection, "analyse", table)


async def _drop(
    connection: AsyncConnection[Any], table: str, partition: str, *, pending: bool
) -> None:
    """Writers and readers go on meanwhile: DROP of an attached partition would lock them all out."""
    await _run(connection, "finish_detaching" if pending else "detach", table, partition)
    await _run(connection, "drop", table, partition)


async def _run(
    connection: AsyncConnection[Any], statement: str, table: str, partition: str = ""
) -> None:
    words = {"table": sql.Identifier(table), "partition": sql.Identifier(partition or table)}
    await connection.execute(sql.SQL(_SQL[statement]).format(**words))


async def _rows(connection: AsyncConnection[Any], name: str, parameters: Any) -> list[Any]:
    return await (await connection.execute(_SQL[name], parameters)).fetchall()
