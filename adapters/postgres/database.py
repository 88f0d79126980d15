"""One PostgreSQL database: connections by purpose, and transactions on them.

Directly connected, timeouts are set and statements prepared once for a connection. Behind PgBouncer in
transaction mode, which shares connections, timeouts are set in each transaction and nothing is prepared.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ...domain.errors import ConfigurationError
from ...domain.ids import ProjectId
from ...domain.retention import RetentionDays
from ...domain.vital_signs import PoolLoad
from .connections import Connections
from .failures import translated
from .migrations import migrate
from .partitions import Partitions
from .statements import statements

_SQL = statements("events")
_DRIVERS = ("postgresql+asyncpg://", "postgresql+psycopg://", "postgres://")
BEGIN = b"BEGIN ISOLATION LEVEL READ COMMITTED"
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""When a server that says nothing counts as gone; what the URL says comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """In milliseconds; 0 means none."""

    statement: int = 10_000
    lock: int = 5_000
    idle_in_transaction: int = 15_000
    connection: int = 5_000
    """For a free one, before the database counts as unavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSizes:
    """Connections a replica holds at most, by purpose."""

    ingest: int = 2
    decisions: int = 4
    reads: int = 6


class PostgresDatabase:
    """A slow dashboard query delays no command and no acknowledgement: each has its connections.

    `reads` may go to another server that follows this one; what decides reads from this one.
    """

    def __init__(
        self,
        url: str,
        *,
        read_url: str | None = None,
        timeouts: Timeouts = Timeouts(),
        sizes: PoolSizes = PoolSizes(),
        direct: bool = True,
        statistics_days: int = RetentionDays().statistics,
    ) -> None:
        """`direct`: no pooler stands between us and the server."""
        self._conninfo = conninfo(url)
        begin = (BEGIN,) if direct else (BEGIN, _set_local(timeouts))
        wait_seconds = timeouts.connection / 1_000
        make = partial(Connections, begin=begin, direct=direct, wait_seconds=wait_seconds)
        lasting = partial(_with_timeouts, timeouts=timeouts) if direct else str
        target, read = lasting(self._conninfo), lasting(conninfo(read_url or url))
        self.ingest = make("ingest", target, sizes.ingest, patient=True)
        self.decisions = make("decisions", target, sizes.decisions)
        self.reads = make("reads", read, sizes.reads)
        self.partitions = Partitions(self.ingest, statistics_days=statistics_days)
        self._numbers: dict[ProjectId, int] = {}

    async def open(self) -> None:
        """Bring the schema up to date and connect.

        Raises StoreUnavailable, and ConfigurationError for a database that cannot be used; nothing
        stays open.
        """
        with translated():
            await migrate(self._conninfo)
        try:
            for each in (self.ingest, self.decisions, self.reads):
                await each.open()
        except BaseException:
            await asyncio.shield(self.close())
            raise

    async def close(self) -> None:
        for each in (self.reads, self.decisions, self.ingest):
            await each.close()

    def loads(self) -> Mapping[str, PoolLoad]:
        return {
            "ingest": self.ingest.load(),
            "decisions": self.decisions.load(),
            "reads": self.reads.load(),
        }

    async def number_of(self, project_id: ProjectId) -> int | None:
        """The small number that stands for a project in large tables; None before its first row."""
        if project_id not in self._numbers:
            await self._learn(self.reads, [project_id])
        return self._numbers.get(project_id)

    async def numbers(self, project_ids: Iterable[ProjectId]) -> dict[ProjectId, int]:
        """The numbers of projects, given to them now, for good, where they have none."""
        wanted = set(project_ids)
        missing = sorted(wanted - self._numbers.keys())
        if missing:
            async with self.ingest.transaction() as transaction:
                await transaction.execute(_SQL["number_projects"], {"ids": missing})
            await self._learn(self.ingest, missing)
        return {project_id: self._numbers[project_id] for project_id in wanted}

    async def project_ids(self) -> dict[int, ProjectId]:
        rows = await self.reads.fetch(_SQL["project_numbers"])
        return {number: ProjectId(project_id) for number, project_id in rows}

    async def _learn(self, connections: Connections, project_ids: list[ProjectId]) -> None:
        rows = await connections.fetch(_SQL["numbers_of_projects"], {"ids": project_ids})
        self._numbers.update((ProjectId(project_id), number) for number, project_id in rows)


def conninfo(url: str) -> str:
    """What libpq reads, of a URL as operators write it. Raises ConfigurationError."""
    for driver in _DRIVERS:
        if url.startswith(driver):
            url = "postgresql://" + url.removeprefix(driver)
    try:
        given = conninfo_to_dict(url)
    except Exception as error:
        # libpq quotes what it could not read, and that may be the password.
        reason = str(error).strip().partition(': "')[0]
        raise ConfigurationError(
            f"This is not the URL of a PostgreSQL database: {reason}. Within names and passwords "
            "write % as %25, @ as %40, : as %3A and / as %2F."
        ) from None
    return make_conninfo("", **{"application_name": "taskdeck", **_PATIENCE, **given})


def _set_local(timeouts: Timeouts) -> bytes:
    settings = ", ".join(f"set_config('{name}', '{ms}', true)" for name, ms in _named(timeouts))
    return f"SELECT {settings}".encode()


def _with_timeouts(target: str, *, timeouts: Timeouts) -> str:
    """The connection string, with what it asks of the server from the beginning."""
    given = conninfo_to_dict(target).get("options") or ""
    options = " ".join(f"-c {name}={ms}" for name, ms in _named(timeouts))
    return make_conninfo(target, options=f"{options} {given}".strip())


def _named(timeouts: Timeouts) -> Iterable[tuple[str, int]]:
    yield "statement_timeout", int(timeouts.statement)
    yield "lock_timeout", int(timeouts.lock)
    yield "idle_in_transaction_session_timeout", int(timeouts.idle_in_transaction)
