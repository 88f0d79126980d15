"""Whether a SQLite file is sound."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import aiosqlite

from ...domain.diagnosis import Finding, bad, good, of_schema
from .migrations import available, version_of


class SqliteDiagnosis:
    """Satisfies `Diagnosis`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def examine(self) -> AsyncIterator[Finding]:
        if not self._path.exists():
            yield bad(f"there is no database at {self._path}", "run: taskdeck init")
            return
        try:
            async with aiosqlite.connect(f"file:{self._path}?mode=ro", uri=True) as connection:
                yield of_schema(await version_of(connection), available()[-1][0])
                rows = list(await connection.execute_fetchall("PRAGMA quick_check(1)"))
                yield _soundness(str(rows[0][0]))
        except sqlite3.Error as error:
            yield bad(f"the database cannot be read: {error}", "restore it from a backup")


def _soundness(verdict: str) -> Finding:
    if verdict == "ok":
        return good("the database is sound")
    return bad(f"the database is damaged: {verdict}", "restore it from a backup")
