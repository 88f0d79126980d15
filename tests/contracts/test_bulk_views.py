from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from taskdeck.domain import bulk_decisions as decide
from taskdeck.domain import command_decisions
from taskdeck.domain.actions import prepare
from taskdeck.domain.bulk import Bulk, BulkStatus, stream_of
from taskdeck.domain.bulk_items import Item, order_for
from taskdeck.domain.commands import stream_of as command_stream
from taskdeck.domain.errors import InvalidInput
from taskdeck.domain.idempotency import command_id_for
from taskdeck.domain.ids import BulkId, ProjectId, ReplicaId
from taskdeck.domain.instants import SECOND
from taskdeck.domain.journal import Entry, Write
from taskdeck.domain.projections.tasks import TaskState

from ..builders import NOW, OTHER, PROJECT
from .conftest import Stores

WANTED = decide.Wanted(
    action="cancel_task", query="state:started", resolved_query="state:started", rate_per_second=5
)


async def made(
    stores: Stores, name: str = "b1", *, project_id: ProjectId = PROJECT, at: int = NOW
) -> Bulk:
    entry = decide.create(
        WANTED,
        bulk_id=BulkId(name),
        project_id=project_id,
        items="i1",
        total=3,
        holder=ReplicaId("r1"),
        by="key:k1",
        at=at,
    )
    await stores.journal.append(
        Write(stream=stream_of(BulkId(name)), expected_version=0, entries=(entry,))
    )
    return await known(stores, name, project_id)


async def known(stores: Stores, name: str = "b1", project_id: ProjectId = PROJECT) -> Bulk:
    bulk = await stores.bulks.bulk(project_id, BulkId(name))
    assert bulk is not None
    return bulk


def moved(bulk: Bulk, entry: Entry | None) -> Write:
    assert entry is not None
    return bulk.write(entry)


def issued(bulk: Bulk, number: int) -> Write:
    key = bulk.key_of(number)
    item = Item("celery", f"t{number}", TaskState.STARTED)
    command_id = command_id_for(bulk.project_id, key)
    entry = command_decisions.issue(
        prepare(order_for(bulk.action, item, key), at=NOW),
        command_id=command_id,
        project_id=bulk.project_id,
        issued_by=bulk.created_by,
        at=NOW,
    )
    return Write(stream=command_stream(command_id), expected_version=0, entries=(entry,))


def ended(bulk: Bulk, number: int) -> Write:
    stream = command_stream(command_id_for(bulk.project_id, bulk.key_of(number)))
    entry = Entry(
        kind="command.cancelled", at=NOW + 1, actor="test", project_id=bulk.project_id, data={}
    )
    return Write(stream=stream, expected_version=1, entries=(entry,))


async def test_an_operation_is_found_as_it_was_created(stores: Stores) -> None:
    bulk = await made(stores)
    assert (bulk.status, bulk.total, bulk.done, bulk.holder) == (BulkStatus.RUNNING, 3, 0, "r1")
    assert await stores.bulks.bulk(OTHER, bulk.id) is None
    assert await stores.bulks.bulk(PROJECT, BulkId("b2")) is None


async def test_what_becomes_of_its_commands_is_counted_once(stores: Stores) -> None:
    bulk = await made(stores)
    step = decide.advance(bulk, reached=3, skipped={1: "it has ended"}, at=NOW)
    await stores.journal.append(moved(bulk, step), issued(bulk, 0), issued(bulk, 2))
    bulk = await known(stores)
    assert (bulk.reached, bulk.skipped, bulk.done, bulk.unanswered) == (3, 1, 1, 2)

    await stores.journal.append(ended(bulk, 0))
    await stores.journal.append(ended(bulk, 2))

    bulk = await known(stores)
    assert (bulk.ends, bulk.done, bulk.unanswered) == ({"cancelled": 2}, 3, 0)


async def test_a_replay_counts_the_same(stores: Stores) -> None:
    bulk = await made(stores)
    step = decide.advance(bulk, reached=2, skipped={}, at=NOW)
    await stores.journal.append(moved(bulk, step), issued(bulk, 0), issued(bulk, 1))
    await stores.journal.append(ended(bulk, 0))
    await stores.journal.append(moved(await known(stores), decide.pause(bulk, by="x", at=NOW)))
    before = await known(stores)

    await stores.views.reset()
    assert await stores.bulks.bulk(PROJECT, bulk.id) is None
    entries = await stores.journal.follow(None)
    for entry in entries:
        await stores.views.rebuild(events=(), entries=(entry,))

    assert await known(stores) == before


async def test_pages_are_newest_first(stores: Stores) -> None:
    for number in range(5):
        await made(stores, f"b{number}", at=NOW + number // 2)
    await made(stores, "b9", project_id=OTHER)
    seen: list[str] = []
    cursor = None
    while True:
        page = await stores.bulks.bulks(PROJECT, cursor=cursor, limit=2)
        seen += [bulk.id for bulk in page.bulks]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ["b4", "b3", "b2", "b1", "b0"]


async def test_a_strange_cursor_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput):
        await stores.bulks.bulks(PROJECT, cursor="strange")


async def test_open_ones_are_those_of_all_projects_that_have_not_ended(stores: Stores) -> None:
    running, paused = await made(stores, "b1"), await made(stores, "b2", at=NOW + 1)
    cancelled = await made(stores, "b3", project_id=OTHER, at=NOW + SECOND)
    await made(stores, "b4", project_id=OTHER, at=NOW + 2 * SECOND)
    await stores.journal.append(moved(paused, decide.pause(paused, by="x", at=NOW)))
    await stores.journal.append(moved(cancelled, decide.cancel(cancelled, by="x", at=NOW)))
    assert [bulk.id for bulk in await stores.bulks.open_bulks()] == [running.id, "b2", "b4"]


async def test_commands_are_found_by_their_ids(stores: Stores) -> None:
    bulk = await made(stores)
    await stores.journal.append(*(issued(bulk, number) for number in range(3)))
    ids = [command_id_for(PROJECT, bulk.key_of(number)) for number in (2, 0, 7)]
    found = await stores.bulks.commands(PROJECT, ids)
    assert {command.task_id for command in found} == {"t0", "t2"}
    assert list(await stores.bulks.commands(OTHER, ids)) == []
    assert list(await stores.bulks.commands(PROJECT, [])) == []


async def test_an_entry_that_cannot_follow_is_refused_whole(stores: Stores) -> None:
    bulk = await made(stores)
    again: dict[str, Any] = {"at": NOW, "by": "x"}
    await stores.journal.append(moved(bulk, decide.pause(bulk, **again)))
    stale = moved(bulk, decide.cancel(bulk, **again))
    with pytest.raises(Exception, match="entries"):
        await stores.journal.append(stale, issued(bulk, 0))
    assert (
        list(await stores.bulks.commands(PROJECT, [command_id_for(PROJECT, bulk.key_of(0))])) == []
    )
    assert replace(await known(stores), version=1, status=BulkStatus.RUNNING) == bulk
