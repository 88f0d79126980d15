from __future__ import annotations

from typing import Any

import pytest

from taskdeck.domain.batching import Batch
from taskdeck.domain.errors import InvalidInput
from taskdeck.domain.events import Event
from taskdeck.domain.instants import MINUTE, SECOND
from taskdeck.domain.projections.tasks import TaskState
from taskdeck.domain.queries import EventFilter

from ..builders import NOW, OTHER, PROJECT, event, run_of
from .conftest import Stores

ALL = EventFilter()


async def test_a_batch_is_stored_once_however_often_it_comes(stores: Stores) -> None:
    batch = Batch(tuple(run_of("t1")))
    first = await stores.events.append(batch)
    again = await stores.events.append(batch)
    assert (first.stored, first.duplicates) == (3, 0)
    assert (again.stored, again.duplicates) == (0, 3)
    assert await stores.events.count() == 3


async def test_repeats_within_a_batch_count_once(stores: Stores) -> None:
    fact = event("task.started")
    appended = await stores.events.append(Batch((fact, fact)))
    assert (appended.stored, appended.duplicates) == (1, 1)


async def test_another_event_under_a_stored_id_changes_no_view(stores: Stores) -> None:
    started = event("task.started", name="same", task_name="shop.pay")
    forged = event("task.succeeded", at=NOW + SECOND, name="same", task_name="shop.forged")
    other = event("task.started", "t2", task_name="shop.pay")
    await stores.events.append(Batch((started,)))

    appended = await stores.events.append(Batch((forged, other)))

    assert (appended.stored, appended.duplicates) == (1, 1)
    task = await stores.views.task(PROJECT, started.engine, "t1")
    assert task is not None
    assert (task.state, task.name) == (TaskState.STARTED, "shop.pay")
    assert await stores.views.task(PROJECT, other.engine, "t2") is not None


async def test_ids_are_unique_within_a_project_only(stores: Stores) -> None:
    here = event("task.started", name="same")
    there = event("task.started", name="same", project_id=OTHER)
    appended = await stores.events.append(Batch((here, there)))
    assert appended.stored == 2
    page = await stores.events.read(OTHER, ALL)
    assert [each.project_id for each in page.events] == [OTHER]


async def test_events_come_back_as_they_were(stores: Stores) -> None:
    hostile: dict[str, Any] = {
        "quote": "'; DROP TABLE events; --",
        "markup": "<script>alert(1)</script>",
        "nul": "a\0b",
        "emoji": "\U0001f600",
        "big": 2**70,
        "small": 1e-07,
        "nested": [{"a": [None, True]}],
    }
    fact = event("task.succeeded", "task/with ' odd \u2028 id", **hostile)
    await stores.events.append(Batch((fact,)))
    (read,) = (await stores.events.read(PROJECT, ALL)).events
    assert read == fact


async def test_reading_goes_on_where_it_ended(stores: Stores) -> None:
    facts = [event("task.started", f"t{number}", at=NOW + number) for number in range(5)]
    await stores.events.append(Batch(tuple(facts[:3])))
    first = await stores.events.read(PROJECT, ALL, limit=2)
    second = await stores.events.read(PROJECT, ALL, after=first.next_cursor, limit=2)
    assert [*first.events, *second.events] == facts[:3]
    nothing = await stores.events.read(PROJECT, ALL, after=second.next_cursor)
    assert nothing.events == ()
    await stores.events.append(Batch(tuple(facts[3:])))
    later = await stores.events.read(PROJECT, ALL, after=nothing.next_cursor)
    assert list(later.events) == facts[3:]


async def test_reading_backwards_ends(stores: Stores) -> None:
    facts = [event("task.started", f"t{number}", at=NOW + number) for number in range(5)]
    await stores.events.append(Batch(tuple(facts)))
    seen: list[Event] = []
    cursor = None
    while True:
        page = await stores.events.read(PROJECT, ALL, after=cursor, newest_first=True, limit=2)
        seen += page.events
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert seen == facts[::-1]


async def test_events_of_one_task_are_read_backwards(stores: Stores) -> None:
    elsewhere = event("task.started", "t1", engine="celery")
    await stores.events.append(Batch((*run_of("t1"), *run_of("t2"), elsewhere)))
    where = EventFilter(engine="huey", task_id="t1")
    first = await stores.events.read(PROJECT, where, newest_first=True, limit=2)
    last = await stores.events.read(
        PROJECT, where, after=first.next_cursor, newest_first=True, limit=2
    )
    assert [*first.events, *last.events] == run_of("t1")[::-1]
    assert last.next_cursor is None


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (EventFilter(kind="task.started"), ["t1", "t2"]),
        (EventFilter(engine="huey", task_id="t1"), ["t1", "t1", "t1"]),
        (EventFilter(engine="celery"), []),
        (EventFilter(since=NOW + MINUTE), ["t2", "t2", "t2"]),
        (EventFilter(until=NOW + SECOND), ["t1"]),
    ],
)
async def test_filters(stores: Stores, where: EventFilter, expected: list[str]) -> None:
    await stores.events.append(Batch((*run_of("t1"), *run_of("t2", at=NOW + MINUTE))))
    page = await stores.events.read(PROJECT, where)
    assert [each.task_id for each in page.events] == expected


@pytest.mark.parametrize("cursor", ["", "nonsense", "WyJhIl0", "W10", "[1]", "\u00e9"])
async def test_a_foreign_cursor_is_refused(stores: Stores, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        await stores.events.read(PROJECT, ALL, after=cursor)


async def test_a_scan_gives_every_event_once_in_order(stores: Stores) -> None:
    facts = [event("task.started", f"t{number}") for number in range(7)]
    await stores.events.append(Batch(tuple(facts)))
    chunks = [list(chunk) async for chunk in stores.events.scan(chunk=3)]
    assert [len(chunk) for chunk in chunks] == [3, 3, 1]
    assert [each for chunk in chunks for each in chunk] == facts


async def test_views_show_a_batch_when_append_returns(stores: Stores) -> None:
    await stores.events.append(Batch(tuple(run_of("t1"))))
    task = await stores.views.task(PROJECT, "huey", "t1")
    assert task is not None
    assert task.state is TaskState.SUCCEEDED
    assert task.name == "shop.pay"


async def test_a_large_batch_is_stored_whole(stores: Stores) -> None:
    facts = [fact for number in range(900) for fact in run_of(f"t{number}")]
    appended = await stores.events.append(Batch(tuple(facts)))
    assert appended.stored == 2_700
