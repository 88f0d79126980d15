"""Whether the journal is what was once written: every row names the one before it by its hash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...ports.journal import Journal
from ..journal import GENESIS, Recorded, chain

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Verified:
    """`broken` is the first row that is not what its hash says; None if all of them are."""

    rows: int
    broken: Recorded | None = None


async def verify(journal: Journal, *, progress: Callable[[int], None] = lambda _: None) -> Verified:
    """Walk the whole chain, in memory for a page of it. `progress` hears the rows of each page."""
    cursor, last, rows = None, GENESIS, 0
    while page := await journal.follow(cursor, limit=PAGE):
        for each in page:
            if chain(last, each.stream, each.version, each.entry) != each.hash:
                return Verified(rows, each)
            last = each.hash
            rows += 1
        cursor = page[-1].cursor
        progress(len(page))
    return Verified(rows)
