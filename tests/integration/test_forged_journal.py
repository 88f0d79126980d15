"""Somebody who may write to the database changes the record of decisions: `audit verify` notices."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from taskdeck.adapters.postgres.database import PostgresDatabase
from taskdeck.adapters.postgres.journal import PostgresJournal
from taskdeck.adapters.sqlite.database import SqliteDatabase
from taskdeck.adapters.sqlite.journal import SqliteJournal
from taskdeck.domain.errors import StoreRejected
from taskdeck.domain.journal import GENESIS, Write, chain
from taskdeck.domain.services.audit import verify
from taskdeck.ports.journal import Journal

from ..builders import entry, write
from ..postgres_server import PATIENT


@dataclass
class Opened:
    journal: Journal
    forge: Callable[[str], None]
    """Runs SQL beside the brain."""


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """A file of SQLite, or the URL of a PostgreSQL."""
    if request.param == "sqlite":
        return tmp_path / "taskdeck.db"
    url: str = request.getfixturevalue("emptied_postgres_url")
    return url


@pytest.fixture
async def opened(place: Path | str) -> AsyncIterator[Opened]:
    """A journal of ten rows, four of them in one stream."""
    database: SqliteDatabase | PostgresDatabase
    journal: Journal
    if isinstance(place, Path):
        database = SqliteDatabase(place)
        journal = SqliteJournal(database)

        def forge(sql: str) -> None:
            with closing(sqlite3.connect(place, isolation_level=None)) as connection:
                connection.execute(sql)
    else:
        database = PostgresDatabase(place, timeouts=PATIENT)
        journal = PostgresJournal(database)

        def forge(sql: str) -> None:
            with psycopg.connect(place, autocommit=True) as connection:
                connection.execute(sql.encode())

    await database.open()
    try:
        for number in range(6):
            await journal.append(write(f"note:{number}", 0, entry("note.made", text="é")))
        for version in range(4):
            await journal.append(write("note:long", version, entry("note.told", n=version)))
        yield Opened(journal, forge)
    finally:
        await database.close()


CHANGED = {
    "stream": "'note:x'", "version": "77", "kind": "'note.lost'", "at": "at + 1", "actor": "'cli'",
    "project_id": "'p'", "data": "'{}'",
}  # fmt: skip


@pytest.mark.parametrize(("column", "value"), CHANGED.items())
async def test_a_changed_column(opened: Opened, column: str, value: str) -> None:
    opened.forge(f"UPDATE journal SET {column} = {value} WHERE seq = 5")
    verified = await verify(opened.journal)
    assert not verified.sound
    assert verified.broken is not None
    assert (verified.rows, verified.broken.cursor) == (4, "5")


async def test_a_changed_hash(opened: Opened) -> None:
    opened.forge("UPDATE journal SET hash = (SELECT hash FROM journal WHERE seq = 1) WHERE seq = 5")
    assert (await verify(opened.journal)).rows == 4


@pytest.mark.parametrize("row", [1, 5])
async def test_a_removed_row(opened: Opened, row: int) -> None:
    opened.forge(f"DELETE FROM journal WHERE seq = {row}")
    verified = await verify(opened.journal)
    assert verified.broken is not None
    assert verified.broken.cursor == str(row + 1)


async def test_swapped_rows(opened: Opened) -> None:
    for old, new in ((5, 100), (6, 5), (100, 6)):
        opened.forge(f"UPDATE journal SET seq = {new} WHERE seq = {old}")
    assert (await verify(opened.journal)).rows == 4


async def test_a_row_before_the_first(opened: Opened) -> None:
    forged = entry("user.created")
    digest = chain(GENESIS, "user:1", 1, forged).hex()
    literal = f"X'{digest}'" if isinstance(opened.journal, SqliteJournal) else f"'\\x{digest}'"
    opened.forge(
        "INSERT INTO journal (seq, stream, version, kind, at, actor, project_id, data, hash) VALUES "
        f"(-7, 'user:1', 1, '{forged.kind}', {forged.at}, '{forged.actor}', "
        f"'{forged.project_id}', '{{}}', {literal})"
    )
    assert not (await verify(opened.journal)).sound


@pytest.mark.parametrize("text", ["{", "[]", "", "nonsense", '{"n": NaN}'])
async def test_a_document_that_is_none(opened: Opened, text: str) -> None:
    opened.forge(f"UPDATE journal SET data = '{text}' WHERE seq = 5")
    with pytest.raises(StoreRejected, match="Row 5 of the journal is not what was written"):
        await verify(opened.journal)


async def test_rows_that_are_cut_off_are_missed_by_who_kept_the_last_hash(opened: Opened) -> None:
    kept = await verify(opened.journal)
    assert kept.sound
    assert (await verify(opened.journal, expected=kept.last)).sound
    opened.forge("DELETE FROM journal WHERE seq > 8")
    assert (await verify(opened.journal)).sound
    cut = await verify(opened.journal, expected=kept.last)
    assert (cut.sound, cut.missing, cut.rows) == (False, True, 8)


async def test_a_hash_of_before_is_found_although_the_journal_went_on(opened: Opened) -> None:
    kept = await verify(opened.journal)
    later: Write = write("note:late", 0, entry("note.made"))
    await opened.journal.append(later)
    verified = await verify(opened.journal, expected=kept.last)
    assert verified.sound
    assert verified.rows == kept.rows + 1
