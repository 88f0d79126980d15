"""What is wrong with a PostgreSQL database, and how to mend it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import psycopg
from psycopg import AsyncConnection

from ...domain.diagnosis import Finding, bad, doubtful, good, of_schema
from ...domain.instants import SECOND
from ...domain.retention import LATE_SECONDS, RetentionDays, lag_seconds
from .channels import hears_others
from .failures import first_line
from .migrations import available
from .statements import statements

OLDEST = 140_000
"""DETACH … CONCURRENTLY came with PostgreSQL 14."""
CLOCK_SECONDS = 2
DAYS_AHEAD = 2
A_REPLICA_NEEDS = 16
"""Connections: the pools, one that listens, one that notifies, and some to spare."""
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
        event_days: int = RetentionDays().events,
    ) -> None:
        """`event_days` is how long events are to be kept."""
        self._event_days = event_days
        self._target = target
        self._listen = listen
        self._read = read

    async def examine(self) -> AsyncIterator[Finding]:
        try:
            async with await AsyncConnection.connect(self._target, autocommit=True) as connection:
                async for finding in _examine(connection, self._event_days):
                    yield finding
        except (psycopg.Error, OSError) as error:
            yield bad(
                f"the database does not answer: {first_line(error)}", "look at Z4J_DATABASE_URL"
            )
            return
        yield await _listening(self._listen)
        if self._read is not None:
            yield await _following(self._read)


async def _examine(connection: AsyncConnection[Any], event_days: int) -> AsyncIterator[Finding]:
    asked = time.time_ns() // 1_000
    number, version, encoding, standby, theirs = await _row(connection, "server")
    for finding in _server(number, version, encoding, standby=standby):
        yield finding
    yield _clock(theirs - (asked + time.time_ns() // 1_000) // 2)
    yield _durability(*await _row(connection, "durability"))
    yield _connections(*await _row(connection, "connections"))
    (present,) = await _row(connection, "schema")
    if not present:
        (may_create,) = await _row(connection, "rights_before")
        yield _rights(may_create=may_create, owns=True)
        yield good("the database is empty; the first brain makes the schema")
        return
    (version,) = await _row(connection, "version")
    yield of_schema(version, available()[-1][0])
    may_create, owns = await _row(connection, "rights")
    yield _rights(may_create=may_create, owns=owns)
    days_ahead, interrupted, oldest = await _row(connection, "partitions")
    yield _partitions(days_ahead, interrupted)
    yield _retention(lag_seconds(oldest, theirs, event_days))


def _server(number: int, version: str, encoding: str, *, standby: bool) -> Iterator[Finding]:
    if number < OLDEST:
        yield bad(f"PostgreSQL {version} is too old", "use PostgreSQL 14 or newer")
    else:
        yield good(f"PostgreSQL {version}")
    if encoding != "UTF8":
        yield bad(f"the database is encoded in {encoding}", "create it with ENCODING 'UTF8'")
    if standby:
        yield bad("the server is a standby", "Z4J_DATABASE_URL needs the primary")


def _clock(ahead: int) -> Finding:
    seconds = ahead / SECOND
    if abs(seconds) <= CLOCK_SECONDS:
        return good("the clocks of database and brain agree")
    return doubtful(
        f"the database's clock is {seconds:+.1f} s off this machine's",
        "run NTP on both; replicas follow the database, agents may differ by 60 s at most",
    )


def _durability(fsync: str, synchronous_commit: str, full_page_writes: str) -> Finding:
    if "off" in (fsync, synchronous_commit, full_page_writes):
        return doubtful(
            f"fsync={fsync}, synchronous_commit={synchronous_commit}, "
            f"full_page_writes={full_page_writes}",
            "with one of them off, a crash of the server loses acknowledged events",
        )
    return good("commits are durable")


def _connections(most: int, used: int) -> Finding:
    if most - used >= A_REPLICA_NEEDS:
        return good(f"{used} of {most} connections are used")
    return doubtful(
        f"{used} of {most} connections are used, a replica takes up to {A_REPLICA_NEEDS}",
        "raise max_connections, or put PgBouncer in front",
    )


def _rights(*, may_create: bool, owns: bool) -> Finding:
    if may_create and owns:
        return good("the role may make partitions")
    return bad(
        "the role may not make partitions",
        "let the role of Z4J_DATABASE_URL own the tables, with CREATE on their schema",
    )


def _partitions(days_ahead: int, interrupted: int) -> Finding:
    if days_ahead < DAYS_AHEAD:
        return doubtful(
            f"partitions reach {days_ahead} day(s) ahead",
            "start a brain: it makes them at its start and hourly",
        )
    if interrupted:
        return doubtful(
            f"{interrupted} partition(s) are half detached", "a running brain ends that by itself"
        )
    return good(f"partitions reach {days_ahead} days ahead")


def _retention(lag: float) -> Finding:
    if lag > LATE_SECONDS:
        return doubtful(
            f"old events should have been gone for {lag / 3_600:.0f} h",
            "look for a transaction that has been open for long (pg_stat_activity), and at the log",
        )
    return good("nothing is kept for too long")


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
