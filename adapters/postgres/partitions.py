"""Daily partitions. Bounds are UTC midnights, in the name: `events_20260203`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, LiteralString, TypeVar

from psycopg import sql

from ...domain.errors import BatchTooWide
from ...domain.instants import DAY, Instant
from ...domain.retention import RetentionDays, day_of
from .connections import Connections, Transaction
from .failures import PartitionMissing
from .locks import PARTITIONS
from .statements import statements

_SQL = statements("partitions")
DAYS_AHEAD = 7
DAYS_BACK = 1
"""Agents that connect to a new brain may bring events of the day before."""
ATTEMPTS = 4
MADE_AT_ONCE = 5
"""Days of one transaction; each table takes up to eight entries in the server's table of locks."""
MOST_DAYS = 30
"""That one batch may touch: each takes about a dozen locks, of 6 400 that a server has by default."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Table:
    """A table in partitions, by the column that says the day; `finish` are statements for each."""

    name: LiteralString
    column: LiteralString
    finish: tuple[LiteralString, ...] = ()
    days: int = 1
    """Of one partition; the first day is a multiple of it, and in the name."""

    def first_day(self, day: int) -> int:
        """Of the partition that has this day."""
        return day - day % self.days


EVENTS: Final = Table("events", "received_at", ("make_ids_unique",))
TASKS: Final = Table("tasks", "filed_at")
FILINGS: Final = Table("filings", "filed_at", days=10)
COMMANDS: Final = Table("commands", "issued_at")
STATISTICS: Final = Table("statistics", "minute", ("leave_space",))
QUEUE_MINUTES: Final = Table("queue_minutes", "minute", ("leave_space",))
STATISTICS_SUMS: Final = Table("statistics_sums", "start", days=10)
FAILURE_HOURS: Final = Table("failure_hours", "hour", ("leave_space",))
FAILURE_KINDS: Final = Table("failure_kinds", "day")
COUNTS: Final = (STATISTICS, QUEUE_MINUTES, FAILURE_HOURS, FAILURE_KINDS)
"""What is kept as long as statistics are."""
TABLES: Final = (EVENTS, TASKS, FILINGS, COMMANDS, *COUNTS, STATISTICS_SUMS)

Days = Mapping[Table, frozenset[int]]


def days_kept(days: RetentionDays) -> Mapping[Table, int]:
    """For how long each table keeps a partition, after its first day."""
    return {
        EVENTS: days.events,
        TASKS: days.tasks,
        FILINGS: days.tasks + FILINGS.days - 1,
        COMMANDS: days.commands,
        **dict.fromkeys(COUNTS, days.statistics),
        STATISTICS_SUMS: days.statistics + STATISTICS_SUMS.days - 1,
    }


def partitions_of(table: Table, kept: int) -> int:
    """How many there are at most of a table that keeps so many days."""
    return -(-(kept + 1 + DAYS_AHEAD) // table.days)


@dataclass(frozen=True, slots=True)
class Room:
    """The days that minutes and tasks are kept of, as far as this replica knows."""

    known: frozenset[int]
    first: int
    task_days: frozenset[int]
    now: Instant

    def kept(self, minutes: Iterable[Instant]) -> frozenset[Instant]:
        """Those minutes that are not too old to keep. Raises PartitionMissing for new days."""
        kept = frozenset(minute for minute in minutes if day_of(minute) >= self.first)
        missing = {day_of(minute) for minute in kept} - self.known
        if missing:
            raise PartitionMissing({table.name: missing for table in COUNTS})
        return kept


class Partitions:
    """Knows which days have a partition, and makes what is missing. Any replica may, at any time."""

    def __init__(self, connections: Connections, *, statistics_days: int) -> None:
        self._connections = connections
        self._statistics_days = statistics_days
        self._known: Days = {table: frozenset() for table in TABLES}

    async def make_ahead(self, now: Instant) -> None:
        """Make the partitions from yesterday to a week ahead; to be called at start and hourly."""
        today = day_of(now)
        days = range(today - DAYS_BACK, today + DAYS_AHEAD + 1)
        await self.make(dict.fromkeys(TABLES, days))

    async def make_for(
        self, receipts: frozenset[int], occurrences: frozenset[int], room: Room
    ) -> int:
        """Make what events of these days need, on the spot; returns the first day kept.

        A day that something is received on gets its partition. A day that something merely happened
        on gets one if an earlier day has one; before that, events are too old for marks.
        Raises BatchTooWide.
        """
        if not self._known[EVENTS]:
            await self.refresh()
        needed = {EVENTS: receipts, TASKS: receipts, FILINGS: receipts}
        if any(not days <= self._known[table] for table, days in needed.items()):
            await self.make(needed)
        first = min(self._known[EVENTS])
        oldest = min(first, room.first)
        check_width(receipts.union(day for day in occurrences if day >= oldest))
        missing = {day for day in occurrences - self._known[EVENTS] if day > first}
        if missing:
            await self.make({EVENTS: missing})
        return first

    async def with_room(self, now: Instant, work: Callable[[Room], Awaitable[T]]) -> T:
        """Do the work; again, where it turned out that some partition is missing."""
        first = day_of(now) - self._statistics_days
        for _ in range(ATTEMPTS - 1):
            try:
                return await work(self._room(first, now))
            except PartitionMissing as missing:
                # Without days: another replica dropped what this one still knew of.
                await self.refresh()
                await self.make({t: missing.days.get(t.name, ()) for t in TABLES})
        return await work(self._room(first, now))

    def _room(self, first: int, now: Instant) -> Room:
        known = frozenset.intersection(*(self._known[table] for table in COUNTS))
        return Room(known, first, self._known[TASKS], now)

    async def refresh(self) -> None:
        """Look again which partitions there are, for another replica may have dropped some."""
        async with self._connections.transaction() as transaction:
            self._known = await days_of_tables(transaction)

    @asynccontextmanager
    async def held_still(self) -> AsyncIterator[None]:
        """Nobody makes a partition within this block."""
        async with self._connections.transaction() as transaction:
            await transaction.fetch(_SQL["lock"], {"lock": PARTITIONS})
            yield

    async def make_missing(self, wanted: Mapping[Table, Collection[int]]) -> None:
        """Make those of the wanted days that this replica does not know of."""
        if any(not self._known[table].issuperset(days) for table, days in wanted.items()):
            await self.make(wanted)

    async def make(self, wanted: Mapping[Table, Iterable[int]]) -> None:
        """Make those of the wanted days that are missing, a few in each transaction."""
        days = sorted(set().union(*wanted.values()))
        for start in range(0, len(days), MADE_AT_ONCE):
            part = set(days[start : start + MADE_AT_ONCE])
            await self._make({table: part.intersection(days) for table, days in wanted.items()})

    async def _make(self, wanted: Mapping[Table, Iterable[int]]) -> None:
        async with self._connections.transaction() as transaction:
            # Whoever makes some now may take seconds; to wait for that hinders nobody.
            await transaction.execute(_SQL["lock"], {"lock": PARTITIONS})
            await transaction.execute(_SQL["short_lock_timeout"])
            known = await days_of_tables(transaction)
            for table, days in wanted.items():
                missing = set(days) - known[table]
                for day in sorted({table.first_day(day) for day in missing}):
                    await _make_one(transaction, table, day)
            known = await days_of_tables(transaction)
        self._known = known


def check_width(days: Collection[int]) -> None:
    """Raises BatchTooWide if one transaction should not touch so many days."""
    if len(days) > MOST_DAYS:
        raise BatchTooWide(f"{len(days)} days are more than the {MOST_DAYS} of one transaction.")


async def days_of_tables(transaction: Transaction) -> Days:
    """The days of which each table has a partition that takes rows."""
    days: dict[str, set[int]] = {table.name: set() for table in TABLES}
    lengths = {table.name: table.days for table in TABLES}
    for name, day in await transaction.fetch(_SQL["days"], {"tables": list(days)}):
        days[name].update(range(day, day + lengths[name]))
    return {table: frozenset(days[table.name]) for table in TABLES}


def partition_name(table: Table, day: int) -> str:
    first = date(1970, 1, 1) + timedelta(days=table.first_day(day))
    return f"{table.name}_{first:%Y%m%d}"


async def _make_one(transaction: Transaction, table: Table, day: int) -> None:
    name = partition_name(table, day)
    words = {
        "table": sql.Identifier(table.name),
        "partition": sql.Identifier(name),
        "index": sql.Identifier(f"{name}_id"),
        "column": sql.Identifier(table.column),
        "start": sql.Literal(day * DAY),
        "end": sql.Literal((day + table.days) * DAY),
    }
    for statement in ("create", *table.finish, "attach", "forget_bounds"):
        await transaction.execute(sql.SQL(_SQL[statement]).format(**words))
