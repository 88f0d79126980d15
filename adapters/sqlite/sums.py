"""Statistics of closed periods, summed up for quick reading (sql/sums.sql)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from sqlite3 import Row as SqliteRow
from typing import Any, Final, TypeAlias

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
from ..wire import OrjsonCodec
from .database import SqliteDatabase, Transaction
from .statements import statements

_SQL = statements("sums")
_CODEC = OrjsonCodec()
MOST_AT_ONCE: Final = 20
"""Periods of one call."""

Fetch: TypeAlias = Callable[[str, Any], Awaitable[list[SqliteRow]]]


async def read_sums(fetch: Fetch, project: int | None, window: Window) -> Sums:
    wanted = {"project": project, "since": window.since, "until": window.until}
    for _ in range(ATTEMPTS):
        found = await fetch(_SQL["summed"], {**wanted, "lengths": _json(LENGTHS)})
        summed = {Period(*row) for row in found}
        if (sums := await _read(fetch, project, window, window.reading(summed))) is not None:
            return sums
    return await _read(fetch, project, window, window.reading()) or Sums()


async def forget_sums(transaction: Transaction, minutes: Iterable[tuple[int, Instant]]) -> None:
    """Forget what is not true any more once something of these minutes, each of a project's number,
    is counted."""
    shortest = {(project, minute - minute % SHORTEST) for project, minute in minutes}
    periods = {(project, *period) for project, start in shortest for period in sums_with(start)}
    if periods:
        await transaction.execute(_SQL["forget"], (_json(sorted(periods)),))


async def sum_up(database: SqliteDatabase, now: Instant, since: Instant) -> bool:
    """Sum up some of what is due; true if more is left."""
    left = MOST_AT_ONCE
    for length in LENGTHS:
        wanted = {**closed(length, since, now)._asdict(), "most": left}
        due = await database.fetch(_SQL["due"], wanted)
        for project, start in due:
            async with database.transaction() as transaction:
                await _sum_one(transaction, project, Period(length, start))
        left -= len(due)
        if left <= 0:
            return True
    return False


async def _sum_one(transaction: Transaction, project: int, period: Period) -> None:
    only = {
        "project": project, "since": period.start, "until": period.start + 1,
        "lengths": _json([period.length]),
    }  # fmt: skip
    if await transaction.fetch(_SQL["summed"], only):
        return
    sums = await read_sums(transaction.fetch, project, window_of(period))
    rows = [
        (project, int(whole), *of, engine, name, _json(each.to_document()))
        for of, whole, engine, name, each in rows_of(period, sums)
    ]
    await transaction.execute_rows(_SQL["save"], rows)


async def _read(fetch: Fetch, project: int | None, window: Window, reading: Reading) -> Sums | None:
    """None if some sum is not there any more."""
    wanted = {
        "project": project,
        "engine": window.engine,
        "name": window.name,
        "relied_on": _spans(reading.relied_on),
        "by_name": _spans(reading.by_name),
        "of_all": _spans(reading.of_all),
        "minutes": _spans(reading.minutes),
    }
    ((relied_on, *texts),) = await fetch(_SQL["read"], wanted)
    if relied_on != count_of(reading.relied_on):
        return None
    return reading.sums(*map(_rows, texts))


def _rows(text: str | None) -> list[Row]:
    found: list[Row] = _CODEC.loads(f"[{text or ''}]".encode())
    return found


def _json(value: Any) -> str:
    return _CODEC.dumps(value).decode()


def _spans(spans: Sequence[Span]) -> str:
    return _json([tuple(span) for span in spans])
