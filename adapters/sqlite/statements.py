"""Named SQL statements out of the .sql files beside the adapter.

SQLite runs in a thread of its own and gives the interpreter's lock up at every step of a statement.
Under load, with the event loop's thread never idle, getting it back takes a whole switch interval
(5 ms by default), so a statement a row is ruinous: measured 210 rows/s with `executemany`, 22 000
with one statement for many rows. Writes therefore carry many rows a statement, and large reads come
back as one row of JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources

ROWS = "/* rows */"
MOST_ROWS = 256
MOST_PARAMETERS = 30_000
"""SQLite takes 32 766 in a statement."""
DIGITS = 3


@cache
def statements(file: str) -> Mapping[str, str]:
    """Name -> SQL of `sql/<file>.sql`; a statement begins with `-- name: …`."""
    text = (resources.files(__name__.rpartition(".")[0]) / "sql" / f"{file}.sql").read_text()
    found: dict[str, str] = {}
    for part in text.split("-- name: ")[1:]:
        name, _, body = part.partition("\n")
        found[name.strip()] = body.strip()
    return found


def for_rows(
    statement: str, rows: Sequence[Sequence[object]]
) -> Iterator[tuple[str, list[object]]]:
    """A statement with `VALUES /* rows */`, for all rows: few executions, with their parameters.

    Sizes are numbers of `DIGITS` binary digits and zeros, so that few texts are prepared and all of them
    stay cached, and few statements are left of a batch of any size.
    """
    start = 0
    while start < len(rows):
        most = min(MOST_ROWS, MOST_PARAMETERS // len(rows[start]), len(rows) - start)
        zeros = max(0, most.bit_length() - DIGITS)
        size = most >> zeros << zeros
        chunk = rows[start : start + size]
        yield _with_rows(statement, len(chunk[0]), size), [each for row in chunk for each in row]
        start += size


@lru_cache(maxsize=512)
def _with_rows(statement: str, columns: int, rows: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return statement.replace(ROWS, ", ".join([row] * rows))
