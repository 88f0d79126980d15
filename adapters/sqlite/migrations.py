"""Bringing a database up to the schema of this version: numbered files, forward only."""

from __future__ import annotations

from importlib import resources

import aiosqlite

from ...domain.errors import ConfigurationError


def available() -> list[tuple[int, str]]:
    """Number and SQL of every migration, in order."""
    folder = resources.files(__name__.rpartition(".")[0]) / "sql" / "migrations"
    files = sorted(
        (each for each in folder.iterdir() if each.name.endswith(".sql")), key=lambda f: f.name
    )
    return [(int(file.name.split("_")[0]), file.read_text()) for file in files]


async def version_of(connection: aiosqlite.Connection) -> int:
    rows = list(await connection.execute_fetchall("PRAGMA user_version"))
    return int(rows[0][0])


async def migrate(connection: aiosqlite.Connection) -> None:
    """Apply what is missing, each in a transaction. Raises ConfigurationError for a newer database.

    `user_version` is part of the transaction, so a migration is applied whole or not at all, and
    by one process only.
    """
    migrations = available()
    newest = migrations[-1][0]
    for number, sql in migrations:
        if await version_of(connection) < number:
            await connection.executescript(
                f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;"
            )
    version = await version_of(connection)
    if version > newest:
        raise ConfigurationError(
            f"The database has schema {version}, this Taskdeck knows up to {newest}. "
            "Use the newer Taskdeck that wrote it."
        )
