"""What a dashboard hears of what happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from taskdeck.adapters.local.bus import LocalBus
from taskdeck.adapters.memory.clock import ManualClock
from taskdeck.adapters.memory.event_store import MemoryEventStore
from taskdeck.adapters.memory.notices import RecordedNotices
from taskdeck.adapters.memory.projection_store import MemoryProjectionStore
from taskdeck.adapters.memory.state import MemoryState
from taskdeck.domain.batching import Batch
from taskdeck.domain.errors import StoreUnavailable
from taskdeck.domain.fanout import Change, Topic
from taskdeck.domain.feed import SHOWN_TASKS, Delta, Interest, Rows, Snapshot
from taskdeck.domain.queries import TaskPage
from taskdeck.domain.search import Query
from taskdeck.domain.services.dashboards import Dashboards
from taskdeck.domain.services.feed_readers import MOST_WAITING, Message
from taskdeck.domain.services.project_feed import BUSY_GAP_SECONDS, GAP_SECONDS

from ...builders import NOW, OTHER, PROJECT, event, run_of
from .brain import until

ALL = Interest()
CHANGES = Interest(rows=False)


class CountedViews(MemoryProjectionStore):
    """Knows how often tasks were read; fails as it is told."""

    reads = 0
    trouble: Exception | None = None

    async def tasks(self, *arguments: object, **named: object) -> TaskPage:
        self.reads += 1
        if self.trouble is not None:
            raise self.trouble
        return await super().tasks(PROJECT, Query(), limit=named["limit"])  # type: ignore[arg-type]


class Desk:
    """A store, and the dashboards that look at it."""

    def __init__(self) -> None:
        state = MemoryState()
        self.store, self.views = MemoryEventStore(state), CountedViews(state)
        self.bus, self.clock, self.notices = LocalBus(), ManualClock(NOW), RecordedNotices()
        self.dashboards = Dashboards(
            views=self.views, bus=self.bus, clock=self.clock, notices=self.notices
        )

    async def happen(self, *task_ids: str) -> None:
        now = self.clock.now()
        runs = [event for task_id in task_ids for event in run_of(task_id, at=now)]
        await self.store.append(Batch(tuple(runs)))
        self.bus.publish(Change(PROJECT, Topic.TASKS))

    async def settle(self) -> None:
        """Let everything that is under way come to rest."""
        for _ in range(20):
            await asyncio.sleep(0)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    running = asyncio.create_task(desk.dashboards.run())
    await desk.settle()
    yield desk
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def rows(message: Message) -> Rows:
    assert message.rows is not None
    return message.rows


def ids(message: Message) -> list[str]:
    return [task.key.task_id for task in rows(message).tasks]


def names(first: int, last: int) -> list[str]:
    return [f"t{number}" for number in range(first, last)]


async def test_first_a_snapshot_then_what_changes(desk: Desk) -> None:
    await desk.happen("t1")
    async with desk.dashboards.follow(PROJECT, ALL) as messages:
        snapshot = await anext(messages)
        assert isinstance(snapshot, Snapshot)
        assert ids(snapshot) == ["t1"]
        await desk.happen("t2")
        delta = await anext(messages)
        assert isinstance(delta, Delta)
        assert delta.version == snapshot.version + 1
        assert "t2" in ids(delta)


async def test_versions_have_no_gaps(desk: Desk) -> None:
    async with desk.dashboards.follow(PROJECT, ALL) as messages:
        seen = [(await anext(messages)).version]
        for number in range(5):
            await desk.happen(f"t{number}")
            desk.clock.advance(GAP_SECONDS)
            seen.append((await anext(messages)).version)
            desk.clock.advance(GAP_SECONDS)
        assert seen == list(range(seen[0], seen[0] + 6))


async def test_only_tasks_that_changed_are_told_again(desk: Desk) -> None:
    await desk.happen("t1")
    async with desk.dashboards.follow(PROJECT, ALL) as messages:
        await anext(messages)
        await desk.happen("t2")
        await anext(messages)
        desk.clock.advance(GAP_SECONDS)
        await desk.store.append(
            Batch((event("task.started", "t1", at=desk.clock.now() + 60_000_000),))
        )
        desk.bus.publish(Change(PROJECT, Topic.TASKS))
        assert ids(await anext(messages)) == ["t1"]


async def test_however_much_happens_the_store_is_read_four_times_a_second(desk: Desk) -> None:
    async with desk.dashboards.follow(PROJECT, ALL) as messages:
        await anext(messages)
        before = desk.views.reads
        for number in range(100):
            await desk.happen(f"t{number}")
            desk.clock.advance(0.01)
            await desk.settle()
        assert desk.views.reads - before <= 5


async def test_all_who_look_share_one_reading(desk: Desk) -> None:
    async with (
        desk.dashboards.follow(PROJECT, ALL) as one,
        desk.dashboards.follow(PROJECT, ALL) as other,
    ):
        await anext(one)
        await anext(other)
        before = desk.views.reads
        await desk.happen("t1")
        assert ids(await anext(one)) == ids(await anext(other)) == ["t1"]
        assert desk.views.reads == before + 1


async def test_a_slow_reader_gets_a_snapshot_instead_of_a_backlog(desk: Desk) -> None:
    async with desk.dashboards.follow(PROJECT, ALL) as slow:
        first = await anext(slow)
        for number in range(MOST_WAITING + 3):
            await desk.happen(f"t{number}")
            await desk.settle()
            desk.clock.advance(GAP_SECONDS)
            await desk.settle()
        message = await anext(slow)
        assert isinstance(message, Snapshot)
        assert message.version > first.version + MOST_WAITING
        assert len(ids(message)) == MOST_WAITING + 3


async def test_other_projects_are_not_heard(desk: Desk) -> None:
    async with desk.dashboards.follow(PROJECT, ALL) as messages:
        await anext(messages)
        desk.bus.publish(Change(OTHER, Topic.TASKS))
        desk.bus.publish(Change(PROJECT, Topic.QUEUES))
        delta = await anext(messages)
        assert isinstance(delta, Delta)
        assert delta.topics == {Topic.QUEUES}


async def test_nothing_is_read_when_nobody_looks(desk: Desk) -> None:
    async with desk.dashboards.follow(PROJECT, ALL) as messages:
        await anext(messages)
    before = desk.views.reads
    await desk.happen("t1")
    await desk.settle()
    assert desk.views.reads == before


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(StoreUnavailable(), "dashboards.waiting"), (KeyError("hunter2"), "dashboards.failed")],
)
async def test_what_happens_while_the_store_is_away_is_told_later(
    desk: Desk, trouble: Exception, code: str
) -> None:
    async with desk.dashboards.follow(PROJECT, ALL) as messages:
        await anext(messages)
        desk.views.trouble = trouble
        await desk.happen("t1")
        await until(lambda: code in desk.notices.codes)
        assert "hunter2" not in "".join(notice.message for notice in desk.notices.told)
        desk.views.trouble = None
        desk.clock.advance(2)
        assert ids(await anext(messages)) == ["t1"]


async def test_rows_are_told_to_those_who_want_them(desk: Desk) -> None:
    await desk.happen("t1")
    async with (
        desk.dashboards.follow(PROJECT, ALL) as list_of_tasks,
        desk.dashboards.follow(PROJECT, CHANGES) as overview,
    ):
        assert ids(await anext(list_of_tasks)) == ["t1"]
        snapshot = await anext(overview)
        assert (snapshot.topics, snapshot.rows) == (frozenset(Topic), None)
        await desk.happen("t2")
        assert ids(await anext(list_of_tasks)) == ["t2"]
        delta = await anext(overview)
        assert (delta.version, delta.topics, delta.rows) == (2, frozenset({Topic.TASKS}), None)


async def test_no_row_is_read_for_those_who_only_ask_what_changed(desk: Desk) -> None:
    async with desk.dashboards.follow(PROJECT, CHANGES) as messages:
        await anext(messages)
        await desk.happen("t1")
        assert (await anext(messages)).topics == {Topic.TASKS}
        assert desk.views.reads == 0
        async with desk.dashboards.follow(PROJECT, ALL) as rows_too:
            assert ids(await anext(rows_too)) == ["t1"]
        reads = desk.views.reads
        desk.clock.advance(GAP_SECONDS)
        await desk.happen("t2")
        await anext(messages)
        assert desk.views.reads == reads


async def test_versions_count_what_a_reader_wanted_to_know(desk: Desk) -> None:
    of_queues = Interest(frozenset({Topic.QUEUES}))
    async with desk.dashboards.follow(PROJECT, of_queues) as messages:
        first = await anext(messages)
        await desk.happen("t1")
        await desk.settle()
        desk.clock.advance(GAP_SECONDS)
        desk.bus.publish(Change(PROJECT, Topic.QUEUES))
        delta = await anext(messages)
        assert (delta.version, delta.topics) == (first.version + 1, frozenset({Topic.QUEUES}))


async def test_it_is_told_when_more_changed_than_is_told(desk: Desk) -> None:
    await desk.happen("t0")
    async with desk.dashboards.follow(PROJECT, ALL) as messages:
        await anext(messages)
        await desk.happen(*names(1, SHOWN_TASKS))
        assert not rows(await anext(messages)).more
        desk.clock.advance(GAP_SECONDS)
        await desk.happen(*names(SHOWN_TASKS, 3 * SHOWN_TASKS))
        told = rows(await anext(messages))
        assert (told.more, len(told.tasks)) == (True, SHOWN_TASKS)
        assert told.next_cursor is not None


async def test_whoever_is_told_of_a_part_only_is_told_less_often(desk: Desk) -> None:
    async with desk.dashboards.follow(PROJECT, ALL) as messages:
        await anext(messages)
        await desk.happen(*names(0, 2 * SHOWN_TASKS))
        assert rows(await anext(messages)).more
        before = desk.views.reads
        desk.clock.advance(GAP_SECONDS)
        await desk.happen("late")
        await desk.settle()
        assert desk.views.reads == before
        desk.clock.advance(BUSY_GAP_SECONDS - GAP_SECONDS)
        assert "late" in ids(await anext(messages))


async def test_the_first_difference_tells_what_the_snapshot_did_not(desk: Desk) -> None:
    await desk.happen(*names(0, SHOWN_TASKS + 1))
    for _ in range(2):
        async with desk.dashboards.follow(PROJECT, ALL) as messages:
            await anext(messages)
            desk.clock.advance(1)
            await desk.happen("new")
            told = await anext(messages)
            assert (ids(told), rows(told).more) == (["new"], False)
        await desk.settle()
