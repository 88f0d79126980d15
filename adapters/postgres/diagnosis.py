"""What is wrong with a PostgreSQL database, and how to mend it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import psycopg
from psycopg import AsyncConnection

from ...domain.diagnosis import Finding, bad, doubtful, good, of_schema
from ...domain.retention import RetentionDays, lag_seconds
from . import findings
from .channels import hears_others
from .failures import first_line
from .migrations import available
from .partitions import TABLES, days_kept, partitions_of
from .statements import statements

LAG_SECONDS = 30

_SQL = statements("diagnosis")


class PostgresDiagnosis:
    """Satisfies `Diagnosis`. Connection strings are those of psycopg."""

    def __init__(
        self,
        target: str,
        *,
        listen: str,
        read: str | None,
        days: RetentionDays,
    ) -> None:
        """`days` are how long everything is to be kept."""
        self._days = days
        self._target = target
        self._listen = listen
        self._read = read

    async def examine(self) -> AsyncIterator[Finding]:
        try:
            async with await AsyncConnection.connect(self._target, autocommit=True) as connection:
                async for finding in _examine(connection, self._days):
                    yield finding
        except (psycopg.Error, OSError) as error:
            yield bad(
                f"the database does not answer: {first_line(error)}", "look at Z4J_DATABASE_URL"
            )
            return
        yield await _listening(self._listen)
        if self._read is not None:
            yield await _following(self._read)


async def _examine(connection: AsyncConnection[Any], days: RetentionDays) -> AsyncIterator[Finding]:
    asked = time.time_ns() // 1_000
    number, version, encoding, standby, theirs = await _row(connection, "server")
    for finding in findings.server(number, version, encoding, standby=standby):
        yield finding
    yield findings.clock(theirs - (asked + time.time_ns() // 1_000) // 2)
    yield findings.durability(*await _row(connection, "durability"))
    yield findings.connections(*await _row(connection, "connections"))
    (present,) = await _row(connection, "schema")
    if not present:
        (may_create,) = await _row(connection, "rights_before")
        yield findings.rights(may_create=may_create, owns=True)
        yield good("the database is empty; the first brain makes the schema")
        return
    (version,) = await _row(connection, "version")
    yield of_schema(version, available()[-1][0])
    may_create, owns = await _row(connection, "rights")
    yield findings.rights(may_create=may_create, owns=owns)
    days_ahead, interrupted, oldest = await _row(connection, "partitions")
    yield findings.partitions(days_ahead, interrupted)
    yield findings.locks(await _needed_locks(connection, days), *await _row(connection, "locks"))
    yield findings.retention(lag_seconds(oldest, theirs, days.events))


async def _needed_locks(connection: AsyncConnection[Any], days: RetentionDays) -> int:
    """What takes every partition at once takes so many, when all days are there."""
    names = {"tables": [table.name for table in TABLES]}
    each = dict(await (await connection.execute(_SQL["locks_of_partitions"], names)).fetchall())
    return sum(
        each.get(table.name, 0) * partitions_of(table, kept)
        for table, kept in days_kept(days).items()
    )


async def _listening(target: str) -> Finding:
    try:
        if await hears_others(target):
            return good("notifications arrive")
    except (psycopg.Error, OSError) as error:
        return bad(
            f"the connection that listens fails: {first_line(error)}",
            "look at Z4J_DATABASE_LISTEN_URL",
        )
    return bad(
        "notifications do not arrive; a pooler stands in the way",
        "set Z4J_DATABASE_LISTEN_URL to the server itself",
    )


async def _following(target: str) -> Finding:
    try:
        async with await AsyncConnection.connect(target, autocommit=True) as connection:
            (lag,) = await _row(connection, "replay_lag")
    except (psycopg.Error, OSError) as error:
        return bad(
            f"the database for reading fails: {first_line(error)}", "look at Z4J_DATABASE_READ_URL"
        )
    if lag > LAG_SECONDS:
        return doubtful(
            f"the database for reading is {lag:.0f} s behind", "screens show the past meanwhile"
        )
    return good("the database for reading follows")


async def _row(connection: AsyncConnection[Any], name: str) -> Any:
    return await (await connection.execute(_SQL[name])).fetchone()
