"""Statistics of closed periods, summed up for quick reading (sql/sums.sql)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final, LiteralString, TypeAlias

from ...domain.instants import Instant
from ...domain.projections.periods import LENGTHS, SHORTEST, Period, Span, closed, sums_with
from ...domain.projections.reading import (
    ATTEMPTS,
    Reading,
    Row,
    Window,
    count_of,
    rows_of,
    window_of,
)
from ...domain.projections.sums import Sums
from ...domain.retention import day_of
from ..wire import OrjsonCodec
from .connections import Transaction
from .database import PostgresDatabase
from .documents import columns, dumped
from .locks import SUMS
from .partitions import STATISTICS_SUMS
from .statements import statements
from .texts import from_column, optional_to_column, to_column

_SQL = statements("sums")
_CODEC = OrjsonCodec()
_KEY = ("project", "length", "start")
_COLUMNS = ("length", "start", "whole", "engine", "name", "document")
MOST_AT_ONCE: Final = 20
"""Periods of one call."""

Fetch: TypeAlias = Callable[[LiteralString, Mapping[str, Any]], Awaitable[list[tuple[Any, ...]]]]


async def read_sums(fetch: Fetch, project: int | None, window: Window) -> Sums:
    wanted = {"project": project, "since": window.since, "until": window.until}
    for _ in range(ATTEMPTS):
        found = await fetch(_SQL["summed"], {**wanted, "lengths": list(LENGTHS)})
        summed = {Period(length, start) for length, starts in found for start in starts}
        if (sums := await _read(fetch, project, window, window.reading(summed))) is not None:
            return sums
    return await _read(fetch, project, window, window.reading()) or Sums()


async def forget_sums(
    transaction: Transaction, minutes: Iterable[tuple[int, Instant]], now: Instant
) -> None:
    """Forget what will not be true any more once something of these minutes, each of a project's
    number, is counted. Periods that have not ended have no sums yet."""
    late = {
        (project, *period)
        for project, minute in minutes
        if minute - minute % SHORTEST + SHORTEST <= now
        for period in sums_with(minute)
    }
    if late:
        await transaction.execute(_SQL["count_together"], {"lock": SUMS})
        starts = [start for _, _, start in late]
        bounds = {"first": min(starts), "last": max(starts)}
        await transaction.execute(_SQL["forget"], {**columns(_KEY, sorted(late)), **bounds})


async def sum_up(database: PostgresDatabase, now: Instant, since: Instant) -> bool:
    """Sum up some of what is due; true if more is left."""
    left = MOST_AT_ONCE
    for length in LENGTHS:
        wanted = {**closed(length, since, now)._asdict(), "most": left}
        due = await database.reads.fetch(_SQL["due"], wanted)
        days = {day_of(start) for _, start in due}
        await database.partitions.make_missing({STATISTICS_SUMS: days})
        for project, start in due:
            async with database.decisions.transaction() as transaction:
                await _sum_one(transaction, project, Period(length, start))
        left -= len(due)
        if left <= 0:
            return True
    return False


async def _sum_one(transaction: Transaction, project: int, period: Period) -> None:
    await transaction.execute(_SQL["sum_alone"], {"lock": SUMS})
    only = {"project": project, "since": period.start, "until": period.start + 1}
    if await transaction.fetch(_SQL["summed"], {**only, "lengths": [period.length]}):
        return
    sums = await read_sums(transaction.fetch, project, window_of(period))
    rows = [
        (*of, whole, to_column(engine), to_column(name), dumped(each.to_document()))
        for of, whole, engine, name, each in rows_of(period, sums)
    ]
    await transaction.execute(_SQL["save"], {"project": project, **columns(_COLUMNS, rows)})


async def _read(fetch: Fetch, project: int | None, window: Window, reading: Reading) -> Sums | None:
    """None if some sum is not there any more."""
    wanted = {
        "project": project,
        "engine": optional_to_column(window.engine),
        "name": optional_to_column(window.name),
        **_columns("relied", reading.relied_on),
        **_columns("name", reading.by_name),
        **_columns("all", reading.of_all),
        **_columns("minute", reading.minutes),
    }
    ((relied_on, *texts),) = await fetch(_SQL["read"], wanted)
    if relied_on != count_of(reading.relied_on):
        return None
    return reading.sums(*map(_rows, texts))


def _columns(what: str, spans: Sequence[Span]) -> dict[str, list[Instant]]:
    return {
        f"{what}_length": [span.length for span in spans],
        f"{what}_since": [span.since for span in spans],
        f"{what}_until": [span.until for span in spans],
    }


def _rows(text: str | None) -> list[Row]:
    return [
        (from_column(engine), from_column(name), at, document)
        for engine, name, at, document in _CODEC.loads(f"[{text or ''}]".encode())
    ]
