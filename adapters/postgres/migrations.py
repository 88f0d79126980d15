"""Bringing a database up to the schema of this version: numbered files, forward only."""

from __future__ import annotations

from importlib import resources
from typing import Any

from psycopg import AsyncConnection

from ...domain.errors import ConfigurationError
from .locks import MIGRATION
from .statements import statements

_SQL = statements("migrations")


def available() -> list[tuple[int, bytes]]:
    """Number and SQL of every migration, in order."""
    folder = resources.files(__name__.rpartition(".")[0]) / "sql" / "migrations"
    files = sorted(
        (each for each in folder.iterdir() if each.name.endswith(".sql")), key=lambda f: f.name
    )
    return [(int(file.name.split("_")[0]), file.read_bytes()) for file in files]


async def migrate(conninfo: str) -> None:
    """Apply what is missing, in one transaction; of several replicas one does it, the others wait.

    Raises ConfigurationError for a newer database, and for one that is not in UTF-8.
    """
    async with await AsyncConnection.connect(conninfo, prepare_threshold=None) as connection:
        encoding = await _value(connection, "encoding")
        if encoding != "UTF8":
            raise ConfigurationError(
                f"The database is encoded in {encoding}. Create it with ENCODING 'UTF8'."
            )
        await connection.execute(_SQL["no_timeouts"])
        await connection.execute(_SQL["lock"], {"lock": MIGRATION})
        await connection.execute(_SQL["create_versions"])
        version = await _value(connection, "version")
        migrations = available()
        newest = migrations[-1][0]
        if version > newest:
            raise ConfigurationError(
                f"The database has schema {version}, this Taskdeck knows up to {newest}. "
                "Use the newer Taskdeck that wrote it."
            )
        for number, sql in migrations:
            if version < number:
                await connection.execute(sql)
                await connection.execute(_SQL["record"], {"version": number})
        # After the last migration, because it needs the tables.
        await connection.execute(_SQL["follow_a_restored_log"])


async def _value(connection: AsyncConnection[tuple[Any, ...]], name: str) -> Any:
    row = await (await connection.execute(_SQL[name])).fetchone()
    return None if row is None else row[0]
