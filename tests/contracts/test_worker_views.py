from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from taskdeck.domain.batching import Batch
from taskdeck.domain.errors import InvalidInput
from taskdeck.domain.fleet import Deployment, WorkerFilter
from taskdeck.domain.health import LossCounters
from taskdeck.domain.instants import MINUTE, Instant
from taskdeck.domain.projections.workers import Worker
from taskdeck.domain.sessions import LiveSession

from ..builders import (
    NOW,
    OTHER,
    PROJECT,
    live_session,
    report,
    session_closed,
    session_opened,
)
from .conftest import Stores

ANY, ONLINE, GONE = WorkerFilter(), WorkerFilter(online=True), WorkerFilter(online=False)


async def workers(stores: Stores, where: WorkerFilter = ANY) -> Sequence[Worker]:
    return (await stores.workers.page(PROJECT, where)).workers


async def came(stores: Stores, name: str, *, at: Instant = NOW, **hello: Any) -> LiveSession:
    """A worker of this id, on host `web-1` as process 7 if nothing else is said."""
    said = {"worker_id": name, "host_name": "web-1", "worker_pid": 7, **hello}
    live = live_session(f"session-{name}", at=at, **said)
    await stores.journal.append(session_opened(live))
    return live


async def left(stores: Stores, live: LiveSession, at: Instant) -> None:
    await stores.journal.append(session_closed(live, at=at))


def ids(found: Sequence[Worker]) -> list[str]:
    return [worker.slot.worker_id for worker in found]


async def test_workers_are_online_while_their_session_is_open(stores: Stores) -> None:
    live = live_session("s1")
    await stores.journal.append(session_opened(live))
    await stores.events.append(
        Batch((), (report(buffer_depth=3, node="w1@h"), report(at=NOW + 1, buffer_depth=4)))
    )
    (worker,) = await workers(stores)
    assert worker.online
    assert worker.hello == live.hello
    assert worker.health is not None
    assert (worker.health.buffer_depth, worker.health.node) == (4, "w1@h")
    await stores.journal.append(session_closed(live, at=NOW + MINUTE, reason="idle"))
    (worker,) = await workers(stores)
    assert (worker.online, worker.close_reason) == (False, "idle")


async def test_losses_are_maxima(stores: Stores) -> None:
    def losses(total: int, at: int) -> LossCounters:
        return LossCounters(buffer_id="b", runtime_id="r", buffer_totals={"event_records": total})

    await stores.journal.append(session_opened(live_session()))
    for total, at in ((5, NOW), (9, NOW + 1), (2, NOW + 2)):
        await stores.events.append(Batch((), (report(at=at, loss=losses(total, at)),)))
    (worker,) = await workers(stores)
    assert worker.health is not None
    assert worker.health.lost_events == 9


async def test_those_who_came_last_are_first_and_of_the_gone_those_who_left_last(
    stores: Stores,
) -> None:
    lives = [await came(stores, f"w{number}", at=NOW + number) for number in range(4)]
    await left(stores, lives[3], NOW + 10)
    await left(stores, lives[0], NOW + 20)
    assert ids(await workers(stores)) == ["w3", "w2", "w1", "w0"]
    assert ids(await workers(stores, ONLINE)) == ["w2", "w1"]
    assert ids(await workers(stores, GONE)) == ["w0", "w3"]
    assert not (await stores.workers.page(OTHER, WorkerFilter())).workers


@pytest.mark.parametrize("where", [WorkerFilter(), ONLINE, GONE])
async def test_pages_hold_each_worker_once(stores: Stores, where: WorkerFilter) -> None:
    for number in range(10):
        # Two at a time come and leave at the same moment.
        live = await came(stores, f"w{number}", at=NOW + number // 2)
        if number % 2:
            await left(stores, live, NOW + MINUTE + number // 4)
    whole = ids(await workers(stores, where))
    found, cursor = [], None
    while True:
        page = await stores.workers.page(PROJECT, where, cursor=cursor, limit=2)
        found += ids(page.workers)
        cursor = page.next_cursor
        if cursor is None:
            break
        assert len(page.workers) == 2
    assert found == whole
    assert len(set(found)) == (10 if where.online is None else 5)


async def test_a_cursor_of_another_list(stores: Stores) -> None:
    with pytest.raises(InvalidInput):
        await stores.workers.page(PROJECT, WorkerFilter(), cursor="WzFd")


async def test_workers_are_found_by_part_of_what_they_are_called(stores: Stores) -> None:
    await came(stores, "Bare-1", host_name="Mail-1", worker_pid=12)
    await came(stores, "other", worker_pid=None)
    await stores.events.append(Batch((), (report("other", node="celery@Shop_1%"),)))
    for text, expected in {
        "bARE": ["Bare-1"], "mail-1@12": ["Bare-1"], "shop_1%": ["other"], "hop%1": [], "%": ["other"],
        "e": ["Bare-1", "other"],
    }.items():  # fmt: skip
        found = ids(await workers(stores, WorkerFilter(text=text)))
        assert sorted(found) == expected, text


@pytest.mark.parametrize(
    ("text", "expected"), [("Ärger", ["Ärger-1"]), ("ÄRGER-", ["Ärger-1"]), ("ärger", [])]
)
async def test_only_the_case_of_a_to_z_is_disregarded(
    stores: Stores, text: str, expected: list[str]
) -> None:
    await came(stores, "Ärger-1")
    assert ids(await workers(stores, WorkerFilter(text=text))) == expected


async def test_deployments_count_who_is_connected(stores: Stores) -> None:
    for number in range(3):
        await came(stores, f"w{number}", host_name=f"api-6f9c7d5b4f-abc{number}d")
    gone = await came(stores, "w3", host_name="api-0000000000-aaaaa")
    await left(stores, gone, NOW + 1)
    await came(stores, "w4", host_name="cron-1")
    fleet = await stores.workers.fleet(PROJECT, since=NOW)
    api, cron = fleet.deployments
    assert (api.online, cron.online) == (3, 1)
    assert api.name.endswith("· api")
    assert fleet.online == 4
    assert sorted(ids(await workers(stores, WorkerFilter(online=True, deployment=api.name)))) == [
        "w0", "w1", "w2",
    ]  # fmt: skip
    assert ids(await workers(stores, WorkerFilter(deployment=cron.name))) == ["w4"]


async def test_a_fleet_of_nobody(stores: Stores) -> None:
    fleet = await stores.workers.fleet(PROJECT, since=NOW)
    assert (fleet.online, fleet.losing, fleet.gone) == (0, 0, 0)
    assert fleet.left_at is None
    assert fleet.deployments == ()


async def test_those_who_left_are_counted_since_a_time(stores: Stores) -> None:
    for number in range(4):
        await left(stores, await came(stores, f"w{number}"), NOW + number)
    fleet = await stores.workers.fleet(PROJECT, since=NOW + 2)
    assert (fleet.online, fleet.gone, fleet.left_at) == (0, 2, NOW + 3)


async def test_workers_that_lose_events_are_counted_while_they_are_connected(
    stores: Stores,
) -> None:
    loss = LossCounters(buffer_id="b", runtime_id="r", buffer_totals={"event_records": 2})
    lives = [await came(stores, f"w{number}") for number in range(3)]
    for number in range(2):
        await stores.events.append(Batch((), (report(f"w{number}", loss=loss),)))
    await left(stores, lives[0], NOW + 1)
    assert (await stores.workers.fleet(PROJECT, since=NOW)).losing == 1


async def test_a_slot_that_comes_back_is_online_again(stores: Stores) -> None:
    await left(stores, await came(stores, "w1"), NOW + 1)
    again = live_session("again", at=NOW + 2, worker_id="w1")
    await stores.journal.append(session_opened(again))
    assert ids(await workers(stores, ONLINE)) == ["w1"]
    assert not await workers(stores, GONE)
    fleet = await stores.workers.fleet(PROJECT, since=NOW)
    assert (fleet.online, fleet.gone, fleet.left_at) == (1, 0, None)
    assert fleet.deployments == (Deployment(fleet.deployments[0].name, 1),)


async def test_workers_by_what_events_call_them(stores: Stores) -> None:
    await came(stores, "by-id")
    await came(stores, "by-node")
    await stores.events.append(Batch((), (report("by-node", node="celery@w1"),)))
    await came(stores, "by-process", host_name="mail-1", worker_pid=12)
    await came(stores, "nobody")
    names = ["by-id", "celery@w1", "mail-1@12", "unknown"]
    found = await stores.workers.named(PROJECT, names, since=NOW)
    assert sorted(ids(found)) == ["by-id", "by-node", "by-process"]
    assert not await stores.workers.named(OTHER, names, since=NOW)
    assert not await stores.workers.named(PROJECT, [], since=NOW)


async def test_of_the_named_those_that_left_long_ago_are_left_out(stores: Stores) -> None:
    for number in range(3):
        live = await came(stores, f"w{number}", at=NOW + number)
        await stores.events.append(Batch((), (report(f"w{number}", node="celery@shop"),)))
        if number < 2:
            await left(stores, live, NOW + 10 + number)
    found = await stores.workers.named(PROJECT, ["celery@shop"], since=NOW + 11)
    assert ids(found) == ["w2", "w1"]
