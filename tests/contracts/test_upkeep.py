from __future__ import annotations

from dataclasses import replace
from typing import Any

from taskdeck.domain import command_decisions
from taskdeck.domain.batching import Batch
from taskdeck.domain.events import Event
from taskdeck.domain.fleet import WorkerFilter
from taskdeck.domain.ids import CommandId
from taskdeck.domain.instants import DAY, Instant
from taskdeck.domain.queries import EventFilter
from taskdeck.domain.retention import DataKind, day_of, kept
from taskdeck.domain.search import Query

from ..builders import (
    NOW,
    PROJECT,
    event,
    live_session,
    report,
    run_of,
    session_closed,
    session_opened,
    write,
)
from .conftest import KEPT, Stores
from .test_projection_store import issue

OLD, YOUNG = NOW - 25 * DAY, NOW - 9 * DAY


def lived(task_id: str, at: Instant) -> tuple[Event, ...]:
    """A whole life, received as it happened."""
    return tuple(replace(each, received_at=at) for each in run_of(task_id, at=at, queue="mail"))


async def fill(stores: Stores) -> None:
    for name, at in (("old", OLD), ("young", YOUNG), ("new", NOW)):
        await stores.events.append(Batch(lived(name, at)))
        await stores.journal.append(issue(name, at=at))
        await cancel(stores, name, at)


async def cancel(stores: Stores, name: str, at: Instant) -> None:
    command = await stores.views.command(PROJECT, CommandId(name))
    assert command is not None
    cancelled = command_decisions.cancel(command, by="key:1", at=at)
    await stores.journal.append(write(f"command:{name}", 1, cancelled))


async def pruned(stores: Stores) -> None:
    while await stores.upkeep.prune(NOW):
        pass


async def test_what_is_too_old_goes_and_the_rest_stays(stores: Stores) -> None:
    await fill(stores)
    assert await stores.events.count() == 9

    await pruned(stores)

    assert await stores.events.count() == 6
    page = await stores.views.tasks(PROJECT, Query())
    assert [task.key.task_id for task in page.tasks] == ["new", "young"]
    span: dict[str, Any] = {"since": 0, "until": NOW + DAY}
    assert len(await stores.views.statistics(PROJECT, **span)) == 2
    assert len(await stores.views.queue_minutes(PROJECT, **span)) == 2
    assert await stores.views.command(PROJECT, CommandId("young")) is not None


async def test_it_tells_the_oldest_day_of_each_kind(stores: Stores) -> None:
    await fill(stores)
    oldest = await stores.upkeep.oldest_days()
    assert oldest == dict.fromkeys(DataKind, day_of(OLD))
    assert {each.kind for each in kept(oldest, NOW, KEPT) if each.lag_seconds} == set(DataKind)

    await pruned(stores)
    assert not any(each.lag_seconds for each in kept(await stores.upkeep.oldest_days(), NOW, KEPT))


async def test_an_open_command_stays_until_it_has_ended(stores: Stores) -> None:
    await stores.journal.append(issue("old", at=OLD))
    await pruned(stores)
    assert [each.id for each in await stores.views.open_commands()] == ["old"]

    await cancel(stores, "old", NOW)
    await pruned(stores)
    assert await stores.views.command(PROJECT, CommandId("old")) is None


async def test_pruning_again_changes_nothing(stores: Stores) -> None:
    await fill(stores)
    await pruned(stores)
    before = await stores.events.count()
    await pruned(stores)
    assert await stores.events.count() == before


async def test_writers_go_on_after_pruning(stores: Stores) -> None:
    await fill(stores)
    await pruned(stores)
    appended = await stores.events.append(Batch((*lived("late", OLD), *lived("next", NOW))))
    assert appended.stored == 6
    again = await stores.events.append(Batch(lived("new", NOW)))
    assert again.stored == 0


async def test_a_cursor_goes_on_where_all_before_it_is_gone(stores: Stores) -> None:
    await stores.events.append(Batch(lived("old", OLD)))
    cursor = (await stores.events.read(PROJECT, EventFilter())).next_cursor
    await pruned(stores)
    assert await stores.events.count() == 0
    await stores.events.append(Batch(lived("new", NOW)))
    page = await stores.events.read(PROJECT, EventFilter(), after=cursor)
    assert {each.task_id for each in page.events} == {"new"}


async def test_room_ahead_may_be_made_at_any_time(stores: Stores) -> None:
    for _ in range(2):
        await stores.upkeep.make_room(NOW + 3 * DAY)
    await stores.events.append(Batch(lived("later", NOW + 9 * DAY)))
    assert await stores.events.count() == 3


async def test_queues_that_were_not_seen_for_long_are_forgotten(stores: Stores) -> None:
    """Whether tasks named them or somebody measured them."""

    def measured(queue: str, at: Instant) -> Event:
        event_ = event("queue.depth_report", "", at=at, queue=queue, depth=3)
        return replace(event_, received_at=at)

    facts = [measured("left", OLD), measured("held", OLD), measured("held", YOUNG)]
    for name, at in (("named", OLD), ("busy", OLD), ("busy", YOUNG)):
        facts += [
            replace(each, received_at=at)
            for each in run_of(f"{name}{at}", at=at, queue=name, outcome="succeeded")
        ]
    await stores.events.append(Batch(tuple(facts)))
    assert len(await stores.views.queues(PROJECT)) == 4

    await pruned(stores)
    assert [each.key.queue for each in await stores.views.queues(PROJECT)] == ["busy", "held"]
    await stores.events.append(Batch(lived("back", NOW)))
    assert len(await stores.views.queues(PROJECT)) == 3


async def test_workers_that_left_are_forgotten_and_others_are_not(stores: Stores) -> None:
    for name, left in (("gone", OLD), ("left", YOUNG), ("there", None)):
        live = live_session(name, at=OLD - DAY, worker_id=name)
        await stores.journal.append(session_opened(live))
        await stores.events.append(Batch(reports=(report(name, at=OLD - DAY, buffer_depth=7),)))
        if left is not None:
            await stores.journal.append(session_closed(live, at=left))
    await pruned(stores)
    workers = (await stores.workers.page(PROJECT, WorkerFilter())).workers
    found = {each.slot.worker_id: each.health and each.health.buffer_depth for each in workers}
    assert found == {"left": 7, "there": 7}

    again = live_session("back", at=NOW, worker_id="gone")
    await stores.journal.append(session_opened(again))
    assert len((await stores.workers.page(PROJECT, WorkerFilter())).workers) == 3
