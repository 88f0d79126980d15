"""Bulk operations: what operators see and do."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from taskdeck.adapters.memory.task_selection import MemoryTaskSelection
from taskdeck.domain.bulk import BulkStatus
from taskdeck.domain.bulk_items import ItemStanding, items_stream
from taskdeck.domain.commands import CommandStatus
from taskdeck.domain.errors import Conflict, InvalidInput, NotFound
from taskdeck.domain.fanout import Topic
from taskdeck.domain.ids import BulkId, ProjectId
from taskdeck.domain.queries import Selection
from taskdeck.domain.search import Query
from taskdeck.domain.services import bulk_sets
from taskdeck.domain.services.bulks import BulkRequest

from ...builders import event
from .brain import ACTOR, SUBMIT, Brain, Shared, until
from .bulk_fleet import RETRY, answer, bulk_of, fail_tasks, one_turn, started, tasks_ordered


async def all_items(brain: Brain, bulk_id: BulkId, limit: int) -> list[ItemStanding]:
    found: list[ItemStanding] = []
    cursor = None
    while True:
        page = await brain.bulks.items(brain.project, bulk_id, cursor=cursor, limit=limit)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


async def test_every_task_that_matches_gets_one_command(brain: Brain) -> None:
    worker = await brain.connect()
    await fail_tasks(brain, 5)
    bulk = await started(brain)
    assert (bulk.total, bulk.created_by, bulk.status) == (5, ACTOR, BulkStatus.RUNNING)
    for _ in range(4):
        await one_turn(brain, worker)
    bulk = await bulk_of(brain, bulk)
    assert (bulk.status, bulk.done, bulk.succeeded) == (BulkStatus.FINISHED, 5, 5)
    assert tasks_ordered(worker) == [f"t{number}" for number in range(5)]
    assert (await brain.journal.read(bulk.stream))[-1].entry.kind == "bulk.finished"


async def test_the_set_is_frozen_at_the_start(brain: Brain) -> None:
    worker = await brain.connect()
    await fail_tasks(brain, 3)
    bulk = await started(brain)
    await fail_tasks(brain, 2, name="later")
    for _ in range(4):
        await one_turn(brain, worker)
    assert tasks_ordered(worker) == ["t0", "t1", "t2"]
    assert (await bulk_of(brain, bulk)).total == 3


async def test_relative_times_are_resolved_once(brain: Brain) -> None:
    await fail_tasks(brain, 2)
    bulk = await started(brain, replace(RETRY, query="state:failed since:2h"))
    assert bulk.query == "state:failed since:2h"
    assert "since:20" in bulk.resolved_query


async def test_the_rate_is_kept(brain: Brain) -> None:
    worker = await brain.connect()
    await fail_tasks(brain, 20)
    await started(brain, replace(RETRY, rate_per_second=2))
    ordered = []
    for _ in range(7):
        await one_turn(brain, worker)
        ordered.append(len(worker.orders))
    assert ordered == [1, 2, 3, 4, 5, 6, 7]


async def test_an_operation_with_a_fault_holds_up_no_other(brain: Brain) -> None:
    worker = await brain.connect()
    await fail_tasks(brain, 2)
    broken = await started(brain, replace(RETRY, query="state:failed id:t0"))
    sound = await started(brain, replace(RETRY, query="state:failed id:t1"))
    brain.journal.broken.add(items_stream(broken.items))
    for _ in range(4):
        await one_turn(brain, worker)
    assert (await bulk_of(brain, sound)).status is BulkStatus.FINISHED
    assert "bulk.failed" in brain.notices.codes
    await brain.bulks.cancel(brain.project, broken.id, ACTOR)
    assert (await bulk_of(brain, broken)).status is BulkStatus.CANCELLED


async def test_what_changed_since_the_start_is_skipped_with_a_reason(brain: Brain) -> None:
    worker = await brain.connect()
    await fail_tasks(brain, 3)
    await fail_tasks(brain, 1, engine="huey", name="h")
    bulk = await started(brain)
    now = brain.clock.now()
    again = event("task.started", "t1", at=now, engine="celery", project_id=brain.project.id)
    await brain.report(again)
    for _ in range(4):
        await one_turn(brain, worker)

    items = {each.item.task_id: each for each in await all_items(brain, bulk.id, 2)}

    assert items["t1"].skipped == "the task has not ended; it is started"
    assert "huey keeps no arguments" in (items["h0"].skipped or "")
    done = [items[name].command for name in ("t0", "t2")]
    assert [each and each.status for each in done] == [CommandStatus.SUCCEEDED] * 2
    bulk = await bulk_of(brain, bulk)
    assert (bulk.status, bulk.skipped, bulk.succeeded) == (BulkStatus.FINISHED, 2, 2)


async def test_items_are_paged_while_it_goes_on(
    brain: Brain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_sets, "PROGRESS_PAGE", 2)
    worker = await brain.connect()
    await fail_tasks(brain, 9)
    bulk = await started(brain, replace(RETRY, rate_per_second=2))
    for _ in range(4):
        await one_turn(brain, worker)
    for limit in (1, 2, 4, 50):
        items = await all_items(brain, bulk.id, limit)
        assert [each.number for each in items] == list(range(9))
        assert [each.command is not None for each in items] == [True] * 4 + [False] * 5


async def test_paused_it_stands_still_and_resumed_it_goes_on(brain: Brain) -> None:
    worker = await brain.connect()
    await fail_tasks(brain, 6)
    bulk = await started(brain, replace(RETRY, rate_per_second=2))
    await one_turn(brain, worker)
    assert (await brain.bulks.pause(brain.project, bulk.id, ACTOR)).status is BulkStatus.PAUSED
    assert not await brain.bulk_runner.turn()
    brain.clock.advance(60)
    assert not await brain.bulk_runner.turn()
    assert len(worker.orders) == 1
    await brain.bulks.resume(brain.project, bulk.id, ACTOR)
    for _ in range(8):
        await one_turn(brain, worker)
    assert (await bulk_of(brain, bulk)).status is BulkStatus.FINISHED
    assert len(set(tasks_ordered(worker))) == 6


async def test_cancelled_it_issues_nothing_more_and_withdraws_what_waits(brain: Brain) -> None:
    await fail_tasks(brain, 6)
    bulk = await started(brain, replace(RETRY, rate_per_second=2))
    bystander = await brain.submit()
    await one_turn(brain)
    await one_turn(brain)
    bulk = await brain.bulks.cancel(brain.project, bulk.id, ACTOR)
    assert (bulk.status, bulk.reached, bulk.ends) == (BulkStatus.CANCELLED, 2, {"cancelled": 2})
    worker = await brain.connect()
    await one_turn(brain, worker)
    assert worker.orders == [bystander.id]
    with pytest.raises(Conflict, match="ended already"):
        await brain.bulks.resume(brain.project, bulk.id, ACTOR)


async def test_workers_that_do_not_answer_slow_it_down(brain: Brain) -> None:
    worker = await brain.connect()
    await fail_tasks(brain, 510)
    bulk = await started(brain)
    for _ in range(5):
        await one_turn(brain)
    assert len(worker.orders) == 500
    answer(worker)
    await brain.dispatcher.drain()
    for _ in range(2):
        await one_turn(brain, worker)
    assert (await bulk_of(brain, bulk)).status is BulkStatus.FINISHED


async def test_one_key_starts_one_operation(brain: Brain) -> None:
    await fail_tasks(brain, 2)
    request = replace(RETRY, idempotency_key="once")
    first = await started(brain, request)
    assert await started(brain, request) == first
    with pytest.raises(Conflict, match="used for another bulk operation"):
        await started(brain, replace(request, query="state:failed,started"))
    page = await brain.bulks.list(brain.project, cursor=None, limit=10)
    assert page.bulks == (first,)


@pytest.mark.parametrize(
    ("request_", "error", "said"),
    [
        (replace(RETRY, query="  "), InvalidInput, "empty query is every task"),
        (replace(RETRY, query="stat:failed"), InvalidInput, "did you mean state"),
        (replace(RETRY, action="purge_queue"), InvalidInput, "cannot be done in bulk"),
        (replace(RETRY, rate_per_second=0), InvalidInput, "rate_per_second"),
        (replace(RETRY, query="name:nothing"), Conflict, "No task matches"),
        (replace(RETRY, at_most=1), Conflict, "More than 1 tasks match"),
    ],
)
async def test_what_cannot_be_started_leaves_nothing(
    brain: Brain, request_: BulkRequest, error: type[Exception], said: str
) -> None:
    await fail_tasks(brain, 2)
    written = len(brain.journal.writes)
    with pytest.raises(error, match=said):
        await started(brain, request_)
    assert len(brain.journal.writes) == written


async def test_only_so_many_may_be_open(brain: Brain) -> None:
    await fail_tasks(brain, 1)
    bulks = [await started(brain) for _ in range(20)]
    with pytest.raises(Conflict, match="20 bulk operations"):
        await started(brain)
    await brain.bulks.cancel(brain.project, bulks[0].id, ACTOR)
    await started(brain)


async def test_a_stranger_finds_nothing(brain: Brain) -> None:
    await fail_tasks(brain, 1)
    bulk = await started(brain)
    await brain.stranger()
    other = await brain.projects.one("other")
    for call in (brain.bulks.pause, brain.bulks.cancel):
        with pytest.raises(NotFound):
            await call(other, bulk.id, ACTOR)


async def test_a_preview_counts_shows_and_warns(brain: Brain) -> None:
    await fail_tasks(brain, 12)
    await fail_tasks(brain, 2, engine="huey", name="h")
    waiting = event("task.received", "r1", engine="celery", project_id=brain.project.id)
    await brain.report(waiting)
    written = len(brain.journal.writes)
    seen = await brain.bulks.preview(brain.project, "retry_task", "state:failed,received")
    assert (seen.count, seen.exact, len(seen.sample)) == (15, True, 10)
    said = " ".join(seen.advice)
    assert "1 will be skipped: the task has not ended; it is received." in said
    assert "Tasks of huey will be skipped" in said
    assert "Tasks of celery would wait: no worker of the project is connected." in said
    assert len(brain.journal.writes) == written
    await brain.connect()
    seen = await brain.bulks.preview(brain.project, "retry_task", "state:failed engine:celery")
    assert seen.advice == ()


class SlowSelection(MemoryTaskSelection):
    """One task at a time, and eleven seconds for each."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared.state)
        self._clock = shared.clock

    async def select(
        self, project_id: ProjectId, where: Query, *, cursor: str | None = None, limit: int
    ) -> Selection:
        self._clock.advance(11)
        return await super().select(project_id, where, cursor=cursor, limit=1)


async def test_a_search_that_takes_too_long_says_so_and_shows_what_it_found() -> None:
    async with Brain(select=SlowSelection).running() as brain:
        await fail_tasks(brain, 3)
        seen = await brain.bulks.preview(brain.project, "retry_task", "state:failed")
        assert (seen.count, seen.exact) == (1, False)
        assert [task.key.task_id for task in seen.sample] == ["t2"]
        with pytest.raises(Conflict, match="did not come to its end within 10 s"):
            await started(brain)


async def test_the_loop_sleeps_until_there_is_something_to_do(brain: Brain) -> None:
    worker = await brain.connect()
    await fail_tasks(brain, 3)
    loop = asyncio.create_task(brain.bulk_runner.run())
    try:
        bulk = await started(brain)

        def finished() -> bool:
            brain.clock.advance(0.5)
            answer(worker)
            return brain.shared.state.views.bulks[bulk.id].status is BulkStatus.FINISHED

        await until(finished)
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)


async def test_dashboards_are_told(brain: Brain) -> None:
    await fail_tasks(brain, 1)
    async with brain.bus.subscribe() as changes:
        await started(brain)
        async for changed in changes:
            assert {change.topic for change in changed} == {Topic.COMMANDS}
            break


async def test_keys_of_bulk_operations_are_not_for_others(brain: Brain) -> None:
    with pytest.raises(InvalidInput, match="belong to bulk operations"):
        await brain.submit(idempotency_key="bulk:x:1")
    assert SUBMIT.idempotency_key is None
