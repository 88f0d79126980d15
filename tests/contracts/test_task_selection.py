from __future__ import annotations

import pytest

from taskdeck.domain.batching import Batch
from taskdeck.domain.bulk_items import Item
from taskdeck.domain.errors import InvalidInput
from taskdeck.domain.instants import SECOND
from taskdeck.domain.projections.tasks import TaskKey, TaskState
from taskdeck.domain.search import Query, parse_query

from ..builders import NOW, OTHER, PROJECT, event, run_of
from .conftest import Stores

RUNS = 60


@pytest.fixture(autouse=True)
async def runs(stores: Stores) -> None:
    events = [
        told
        for number in range(RUNS)
        for told in run_of(
            f"t{number}",
            at=NOW + number // 3 * SECOND,
            outcome="succeeded" if number % 3 else "failed",
            task_name=f"shop.{'pay' if number % 2 else 'mail'}",
            worker=f"w{number % 4}",
            exception="boom",
        )
    ]
    strangers = run_of("t1", outcome="failed", project_id=OTHER)
    await stores.events.append(Batch((*events, *strangers)))


async def selected(stores: Stores, query: Query, limit: int) -> list[Item]:
    """All that are found, over all pages."""
    found: list[Item] = []
    cursor = None
    while True:
        page = await stores.selection.select(PROJECT, query, cursor=cursor, limit=limit)
        assert len(page.items) <= limit
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 7, 1_000])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "state:failed",
        "state:failed name:shop.pay",
        "name:shop.mail -worker:w1",
        "worker:w2 state:succeeded,failed",
        "boom",
        "id:t3",
        "name:nothing",
        "attempts>5",
    ],
)
async def test_the_same_are_selected_as_are_listed(stores: Stores, text: str, limit: int) -> None:
    query = parse_query(text, now=NOW)
    listed = (await stores.views.tasks(PROJECT, query, limit=500)).tasks
    found = await selected(stores, query, limit)
    assert found == [Item(task.key.engine, task.key.task_id, task.state) for task in listed]


async def test_a_strange_cursor_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput):
        await stores.selection.select(PROJECT, Query(), cursor="strange", limit=5)


async def test_states_are_those_of_now(stores: Stores) -> None:
    wanted = [TaskKey(PROJECT, "huey", name) for name in ("t0", "t1", "unheard")]
    states = await stores.selection.states([*wanted, TaskKey(PROJECT, "celery", "t2")])
    assert states == {wanted[0]: TaskState.FAILED, wanted[1]: TaskState.SUCCEEDED}
    assert await stores.selection.states([]) == {}


async def test_names_of_tasks(stores: Stores) -> None:
    nameless = event("task.started", "bare", project_id=PROJECT, task_name=None)
    await stores.events.append(Batch((nameless,)))
    wanted = [TaskKey(PROJECT, "huey", name) for name in ("t0", "bare", "unheard")]
    assert await stores.selection.names(wanted) == {wanted[0]: "shop.mail"}
    assert await stores.selection.names([]) == {}


async def test_workers_of_tasks(stores: Stores) -> None:
    heard = [
        event("task.started", "here", project_id=PROJECT, worker="main@häst"),
        event("task.started", "bare", project_id=PROJECT, worker=None),
    ]
    await stores.events.append(Batch(tuple(heard)))
    wanted = [TaskKey(PROJECT, "huey", name) for name in ("here", "bare", "unheard")]
    assert await stores.selection.workers(wanted) == {wanted[0]: "main@häst"}
    assert await stores.selection.workers([]) == {}
