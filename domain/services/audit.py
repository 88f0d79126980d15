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
    last: bytes = GENESIS
    """The hash of the last sound row. Whoever keeps it elsewhere can ask for it later."""
    missing: bool = False
    """A hash that was there once is not any more: rows were taken off the end, or all rewritten."""

    @property
    def sound(self) -> bool:
        return self.broken is None and not self.missing


async def verify(
    journal: Journal,
    *,
    expected: bytes = GENESIS,
    progress: Callable[[int], None] = lambda _: None,
) -> Verified:
    """Walk the whole chain, in memory for a page of it. `progress` hears the rows of each page.

    `expected` is the hash of a row that must be there.
    """
    cursor, last, rows = None, GENESIS, 0
    found = expected == GENESIS
    while page := await journal.follow(cursor, limit=PAGE):
        for each in page:
            if chain(last, each.stream, each.version, each.entry) != each.hash:
                return Verified(rows, each, last, not found)
            last = each.hash
            found |= last == expected
            rows += 1
        cursor = page[-1].cursor
        progress(len(page))
    return Verified(rows, None, last, not found)
