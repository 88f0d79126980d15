"""What an examination of a PostgreSQL database makes of what it read."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.diagnosis import Finding, bad, doubtful, good
from ...domain.instants import SECOND
from ...domain.retention import LATE_SECONDS

OLDEST = 140_000
"""DETACH … CONCURRENTLY came with PostgreSQL 14."""
CLOCK_SECONDS = 2
DAYS_AHEAD = 2
A_REPLICA_NEEDS = 16
"""Connections: the pools, one that listens, one that notifies, and some to spare."""


def server(number: int, version: str, encoding: str, *, standby: bool) -> Iterator[Finding]:
    if number < OLDEST:
        yield bad(f"PostgreSQL {version} is too old", "use PostgreSQL 14 or newer")
    else:
        yield good(f"PostgreSQL {version}")
    if encoding != "UTF8":
        yield bad(f"the database is encoded in {encoding}", "create it with ENCODING 'UTF8'")
    if standby:
        yield bad("the server is a standby", "Z4J_DATABASE_URL needs the primary")


def clock(ahead: int) -> Finding:
    seconds = ahead / SECOND
    if abs(seconds) <= CLOCK_SECONDS:
        return good("the clocks of database and brain agree")
    return doubtful(
        f"the database's clock is {seconds:+.1f} s off this machine's",
        "run NTP on both; replicas follow the database, agents may differ by 60 s at most",
    )


def durability(fsync: str, synchronous_commit: str, full_page_writes: str) -> Finding:
    if "off" in (fsync, synchronous_commit, full_page_writes):
        return doubtful(
            f"fsync={fsync}, synchronous_commit={synchronous_commit}, "
            f"full_page_writes={full_page_writes}",
            "with one of them off, a crash of the server loses acknowledged events",
        )
    return good("commits are durable")


def connections(most: int, used: int) -> Finding:
    if most - used >= A_REPLICA_NEEDS:
        return good(f"{used} of {most} connections are used")
    return doubtful(
        f"{used} of {most} connections are used, a replica takes up to {A_REPLICA_NEEDS}",
        "raise max_connections, or put PgBouncer in front",
    )


def rights(*, may_create: bool, owns: bool) -> Finding:
    if may_create and owns:
        return good("the role may make partitions")
    return bad(
        "the role may not make partitions",
        "let the role of Z4J_DATABASE_URL own the tables, with CREATE on their schema",
    )


def partitions(days_ahead: int, interrupted: int) -> Finding:
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


def retention(lag: float) -> Finding:
    if lag > LATE_SECONDS:
        return doubtful(
            f"old events should have been gone for {lag / 3_600:.0f} h",
            "look for a transaction that has been open for long (pg_stat_activity), and at the log",
        )
    return good("nothing is kept for too long")


def locks(needed: int, each: int, transactions: int) -> Finding:
    """`needed` for all days that are to be kept; the server has `each` for every transaction."""
    if each * transactions >= needed:
        return good(f"the server's table of locks has {each * transactions}, {needed} are needed")
    return doubtful(
        f"the server's table of locks has {each * transactions}, the days kept need {needed}",
        f"set max_locks_per_transaction to {-(-needed // transactions)} and restart the server, or "
        "keep fewer days; without it lists and a replay may fail",
    )
