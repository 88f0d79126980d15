from __future__ import annotations

import asyncio
from typing import Any

import pytest

from taskdeck.domain.audit import AuditFilter
from taskdeck.domain.errors import InvalidInput, VersionConflict
from taskdeck.domain.journal import GENESIS, chain

from ..builders import NOW, OTHER, PROJECT, entry, write
from .conftest import Stores


async def test_a_stream_reads_as_it_was_written(stores: Stores) -> None:
    first, second = entry("note.made", text="é\0'"), entry("note.made", big=2**70, part=1.5)
    await stores.journal.append(write("note:1", 0, first))
    await stores.journal.append(write("note:1", 1, second))
    recorded = await stores.journal.read("note:1")
    assert [each.entry for each in recorded] == [first, second]
    assert [each.version for each in recorded] == [1, 2]


async def test_a_part_of_a_stream_can_be_read(stores: Stores) -> None:
    entries = [entry("note.made", number=number) for number in range(5)]
    await stores.journal.append(write("note:1", 0, *entries))
    part = await stores.journal.read("note:1", after=1, limit=2)
    assert [each.version for each in part] == [2, 3]
    assert [each.version for each in await stores.journal.read("note:1", after=3)] == [4, 5]
    assert await stores.journal.read("note:1", after=5) == ()


@pytest.mark.parametrize("expected", [0, 2])
async def test_an_unexpected_version_writes_nothing(stores: Stores, expected: int) -> None:
    await stores.journal.append(write("note:1", 0, entry("note.made")))
    with pytest.raises(VersionConflict):
        await stores.journal.append(
            write("note:2", 0, entry("note.made")), write("note:1", expected, entry("note.made"))
        )
    assert await stores.journal.read("note:2") == ()
    assert len(await stores.journal.read("note:1")) == 1


async def test_of_twenty_writers_one_wins(stores: Stores) -> None:
    async def claim(number: int) -> bool:
        try:
            await stores.journal.append(write("note:1", 0, entry("note.made", by=number)))
        except VersionConflict:
            return False
        return True

    won = await asyncio.gather(*(claim(number) for number in range(20)))
    assert won.count(True) == 1
    assert len(await stores.journal.read("note:1")) == 1


async def test_an_append_given_up_at_any_moment_leaves_the_next_alone(stores: Stores) -> None:
    for turns in range(12):
        append = asyncio.create_task(
            stores.journal.append(write(f"given up:{turns}", 0, entry("note.made")))
        )
        for _ in range(turns):
            await asyncio.sleep(0)
        append.cancel()
        await asyncio.wait({append})
        await stores.journal.append(write(f"next:{turns}", 0, entry("note.made")))
        assert len(await stores.journal.read(f"next:{turns}")) == 1


async def test_following_sees_each_entry_once_in_order(stores: Stores) -> None:
    assert await stores.journal.head() is None
    assert await stores.journal.count() == 0
    for number in range(5):
        await stores.journal.append(write(f"note:{number}", 0, entry("note.made")))
    first = await stores.journal.follow(None, limit=3)
    rest = await stores.journal.follow(first[-1].cursor)
    assert [each.stream for each in (*first, *rest)] == [f"note:{n}" for n in range(5)]
    head = await stores.journal.head()
    assert head is not None
    assert await stores.journal.follow(head) == ()
    assert await stores.journal.count() == 5


async def test_rows_are_chained_by_hash(stores: Stores) -> None:
    await stores.journal.append(
        write("note:1", 0, entry("note.made"), entry("note.changed", to="x"))
    )
    await stores.journal.append(write("note:2", 0, entry("note.made")))
    before = GENESIS
    for each in await stores.journal.follow(None):
        assert each.hash == chain(before, each.stream, each.version, each.entry)
        before = each.hash


async def test_the_audit_is_of_one_project_newest_first(stores: Stores) -> None:
    for number in range(4):
        project = OTHER if number == 1 else PROJECT
        await stores.journal.append(
            write(f"note:{number}", 0, entry("note.made", project_id=project))
        )
    first = await stores.journal.audit(PROJECT, limit=2)
    rest = await stores.journal.audit(PROJECT, before=first[-1].cursor)
    assert [each.stream for each in (*first, *rest)] == ["note:3", "note:2", "note:0"]


async def test_an_audit_asks_for_who_what_and_when(stores: Stores) -> None:
    made = [
        entry("command.issued", actor="user:1@127.0.0.9"),
        entry("command.succeeded", actor="agent:1"),
        entry("commander.named", actor="user:10"),
        entry("member.granted", actor="user:1", at=NOW + 5),
        entry("member.granted", actor="users"),
    ]
    await stores.journal.append(write("note:1", 0, *made))

    async def found(**where: Any) -> list[int]:
        rows = await stores.journal.audit(PROJECT, AuditFilter(**where))
        return [row.version for row in reversed(rows)]

    assert await found(actor="user:1") == [1, 4]
    assert await found(actor="user") == [1, 3, 4]
    assert await found(kind="command") == [1, 2]
    assert await found(kind="command.issued") == [1]
    assert await found(actor="us%", kind="%") == []
    assert await found(actor="nul\0") == []
    assert await found(since=NOW + 5) == [4]
    assert await found(until=NOW + 5, actor="user") == [1, 3]


async def test_an_entry_says_who_and_from_where() -> None:
    called = entry("note.made", actor="user:1@2001:db8::1")
    assert (called.who, called.address) == ("user:1", "2001:db8::1")
    assert (entry("note.made").who, entry("note.made").address) == ("test", None)


async def test_a_foreign_cursor_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput):
        await stores.journal.follow("nonsense")


async def test_hundreds_of_streams_in_one_append(stores: Stores) -> None:
    writes = [write(f"note:{number}", 0, entry("note.made")) for number in range(700)]
    recorded = await stores.journal.append(*writes)
    assert len(recorded) == 700
    assert len(await stores.journal.follow(None)) == 700
