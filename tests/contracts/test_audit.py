from __future__ import annotations

from dataclasses import replace

import pytest

from taskdeck.domain.journal import Recorded
from taskdeck.domain.services import audit
from taskdeck.ports.journal import Journal

from ..builders import entry, write
from .conftest import Stores


class Forged:
    """A journal of which somebody changed a row, or took one away."""

    def __init__(self, journal: Journal, row: int, *, remove: bool) -> None:
        self._journal = journal
        self._row = row
        self._remove = remove

    async def follow(self, after: str | None, *, limit: int = 1_000) -> tuple[Recorded, ...]:
        rows = list(await self._journal.follow(after, limit=limit))
        for place, each in enumerate(rows):
            if int(each.cursor) == self._row:
                if self._remove:
                    del rows[place]
                else:
                    rows[place] = replace(each, entry=replace(each.entry, actor="somebody else"))
        return tuple(rows)


async def fill(stores: Stores) -> None:
    for number in range(25):
        await stores.journal.append(
            write(f"note:{number}", 0, entry("note.made", text=f"é{number}"))
        )


async def test_a_whole_chain(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE", 10)
    await fill(stores)
    assert await audit.verify(stores.journal) == audit.Verified(
        25, last=(await stores.journal.follow(None))[-1].hash
    )


async def test_an_empty_journal(stores: Stores) -> None:
    assert await audit.verify(stores.journal) == audit.Verified(0)


@pytest.mark.parametrize(("remove", "found"), [(False, "12"), (True, "13")])
async def test_a_row_that_was_changed_or_is_missing(
    stores: Stores, monkeypatch: pytest.MonkeyPatch, remove: bool, found: str
) -> None:
    monkeypatch.setattr(audit, "PAGE", 10)
    await fill(stores)
    verified = await audit.verify(Forged(stores.journal, 12, remove=remove))  # type: ignore[arg-type]
    assert verified.rows == 11
    assert verified.broken is not None
    assert verified.broken.cursor == found
