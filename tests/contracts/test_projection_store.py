from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from taskdeck.domain import command_decisions as decide
from taskdeck.domain.actions import OrderRequest, prepare
from taskdeck.domain.batching import Batch
from taskdeck.domain.commands import CommandStatus
from taskdeck.domain.errors import InvalidInput
from taskdeck.domain.events import Event
from taskdeck.domain.fleet import WorkerFilter
from taskdeck.domain.ids import CommandId
from taskdeck.domain.instants import MINUTE, SECOND, minute_of
from taskdeck.domain.journal import Write
from taskdeck.domain.paging import encode_cursor
from taskdeck.domain.projections.queues import QueueKey
from taskdeck.domain.projections.statistics import summarise
from taskdeck.domain.projections.tasks import TaskState
from taskdeck.domain.queue_pages import QueueFilter
from taskdeck.domain.search import Query, filtered

from ..builders import (
    NOW,
    OTHER,
    PROJECT,
    event,
    live_session,
    report,
    run_of,
    session_opened,
    write,
)
from .conftest import Stores


async def listed(stores: Stores, where: Query) -> list[str]:
    page = await stores.views.tasks(PROJECT, where)
    return [task.key.task_id for task in page.tasks]


async def test_tasks_come_newest_first_in_pages_while_more_arrive(stores: Stores) -> None:
    for number in range(7):
        await stores.events.append(
            Batch((event("task.started", f"t{number}", at=NOW + number // 2),))
        )
    seen: list[str] = []
    cursor = None
    while True:
        page = await stores.views.tasks(PROJECT, Query(), cursor=cursor, limit=2)
        seen += [task.key.task_id for task in page.tasks]
        await stores.events.append(
            Batch((event("task.started", f"late{len(seen)}", at=NOW + MINUTE),))
        )
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert seen == ["t6", "t5", "t4", "t3", "t2", "t1", "t0"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (filtered(states=frozenset({TaskState.FAILED})), ["bad"]),
        (filtered(states=frozenset({TaskState.FAILED, TaskState.STARTED})), ["bad", "busy"]),
        (filtered(name="shop.pay"), ["good"]),
        (filtered(name="shop.*"), ["good", "bad"]),
        (filtered(name="shop_*"), []),
        (filtered(name="shop.pay", states=frozenset({TaskState.FAILED})), []),
        (filtered(engine="celery"), ["busy"]),
        (filtered(queue="mail"), ["good"]),
        (filtered(worker="w1@h"), ["busy"]),
        (filtered(text="CUSTOMER-42"), ["good"]),
        (filtered(text="100%"), []),
        (filtered(text="ValueError"), ["bad"]),
        (filtered(since=NOW + MINUTE), ["good", "bad"]),
        (filtered(until=NOW + MINUTE), ["busy"]),
    ],
)
async def test_task_filters(stores: Stores, where: Query, expected: list[str]) -> None:
    await stores.events.append(
        Batch(
            (
                *run_of("good", at=NOW + 2 * MINUTE, queue="mail", kwargs={"id": "customer-42"}),
                *run_of(
                    "bad",
                    at=NOW + MINUTE,
                    outcome="failed",
                    task_name="shop.ship",
                    exception="ValueError: no stock",
                ),
                event("task.started", "busy", engine="celery", worker="w1@h"),
                event("task.started", "elsewhere", project_id=OTHER),
            )
        )
    )
    assert await listed(stores, where) == expected


@pytest.mark.parametrize("cursor", ["", "nonsense", "WzFd", "\u00e9"])
async def test_a_foreign_cursor_is_refused(stores: Stores, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        await stores.views.tasks(PROJECT, Query(), cursor=cursor)
    with pytest.raises(InvalidInput):
        await stores.views.commands(PROJECT, cursor=cursor)


async def test_a_task_grows_over_batches(stores: Stores) -> None:
    received, started, ended = run_of("t1", args=[2**70, 1e-07], kwargs={"a": "é\0"})
    for each in (ended, received, started):
        await stores.events.append(Batch((each,)))
    task = await stores.views.task(PROJECT, "huey", "t1")
    assert task is not None
    assert (task.state, task.attempt_count) == (TaskState.SUCCEEDED, 1)
    assert task.field("args") == [2**70, 1e-07]
    assert task.field("kwargs") == {"a": "é\0"}
    assert task.attempts[0].runtime_us == 2 * SECOND


async def test_running_and_waiting(stores: Stores) -> None:
    await stores.events.append(
        Batch(
            (
                event("task.started", "long", at=NOW),
                event("task.started", "short", at=NOW + SECOND, worker="w@1"),
                *run_of("done"),
                event("task.received", "w1", at=NOW + 5, queue="mail"),
                event("task.received", "w2", at=NOW + 3, queue="mail"),
            )
        )
    )
    assert [task.key.task_id for task in await stores.views.running(PROJECT)] == ["long", "short"]
    assert await stores.views.at_work(PROJECT) == {"": [NOW], "w@1": [NOW + SECOND]}
    assert await stores.views.oldest_waiting(PROJECT) == {("huey", "mail"): NOW + 3}


async def test_statistics_add_up_over_batches(stores: Stores) -> None:
    for number in range(4):
        outcome = "failed" if number == 3 else "succeeded"
        for each in run_of(f"t{number}", outcome=outcome):
            await stores.events.append(Batch((each, each)))
    window: dict[str, Any] = {"since": minute_of(NOW), "until": NOW + 2 * MINUTE}
    rows = await stores.views.statistics(PROJECT, **window)
    summary = summarise(rows)
    assert summary.counts["succeeded"] == 3
    assert summary.counts["failed"] == 1
    assert summary.counts["received"] == summary.counts["started"] == 4
    assert summary.run.p50 == pytest.approx(2 * SECOND, rel=0.02)
    assert summary.wait.p99 == pytest.approx(SECOND, rel=0.02)
    assert not await stores.views.statistics(PROJECT, **window, name="other")
    assert not await stores.views.statistics(OTHER, **window)


async def test_queues_have_depth_and_traffic(stores: Stores) -> None:
    def measured(depth: int, at: int) -> Batch:
        return Batch((event("queue.depth_report", "", at=at, queue="mail", depth=depth),))

    await stores.events.append(measured(7, NOW + SECOND))
    await stores.events.append(measured(9, NOW))
    await stores.events.append(Batch(tuple(run_of("t1", queue="mail"))))
    queue = await stores.views.queue(PROJECT, "huey", "mail")
    assert queue is not None
    assert (queue.depth, queue.depth_at) == (7, NOW + SECOND)
    assert await stores.views.queues(PROJECT) == [queue]
    (minute,) = await stores.views.queue_minutes(PROJECT, since=minute_of(NOW), until=NOW + MINUTE)
    assert (minute.depth, minute.depth_max) == (7, 9)
    assert (minute.received, minute.started, minute.ended) == (1, 1, 1)
    assert await stores.views.queue(PROJECT, "huey", "other") is None


def measured_at(depth: int, queue: str, at: int = NOW) -> Event:
    return event("queue.depth_report", f"{queue}-{depth}", at=at, queue=queue, depth=depth)


async def test_queues_come_page_by_page_the_deepest_first(stores: Stores) -> None:
    depths = {"mail": 7, "Mail.slow": 0, "billing": 7, "video": 900}
    reports = [measured_at(depth, queue) for queue, depth in depths.items()]
    await stores.events.append(Batch((*reports, *run_of("t1", queue="unmeasured"))))
    names: list[str] = []
    cursor = None
    while True:
        page = await stores.views.queue_page(PROJECT, QueueFilter(), cursor=cursor, limit=2)
        names += [each.key.queue for each in page.queues]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert names == ["video", "billing", "mail", "Mail.slow", "unmeasured"]
    exact = await stores.views.queue_page(PROJECT, QueueFilter(), limit=5)
    assert (len(exact.queues), exact.next_cursor) == (5, None)
    assert not (await stores.views.queue_page(OTHER, QueueFilter())).queues


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (QueueFilter(text="MAIL"), {"mail", "Mail.slow"}),
        (QueueFilter(text="%"), set()),
        (QueueFilter(text="uey"), {"mail", "Mail.slow", "Überweisung"}),
        (QueueFilter(text="ÜBERWEISUNG"), {"Überweisung"}),
        (QueueFilter(text="überweisung"), set()),
        (QueueFilter(queue="mail"), {"mail"}),
        (QueueFilter(engine="huey", queue="mail", text="slow"), set()),
        (QueueFilter(engine="celery"), set()),
    ],
)
async def test_some_queues(stores: Stores, where: QueueFilter, expected: set[str]) -> None:
    await stores.events.append(Batch((measured_at(1, "mail"), measured_at(2, "Mail.slow"))))
    await stores.events.append(Batch((measured_at(3, "Überweisung"),)))
    page = await stores.views.queue_page(PROJECT, where)
    assert {each.key.queue for each in page.queues} == expected


async def test_the_minutes_of_some_queues(stores: Stores) -> None:
    await stores.events.append(Batch((measured_at(1, "mail"), measured_at(2, "video"))))
    span: dict[str, Any] = {"since": minute_of(NOW), "until": NOW + MINUTE}
    mail = QueueKey(PROJECT, "huey", "mail")
    rows = await stores.views.queue_minutes(PROJECT, **span, queues={mail})
    assert [row.key.queue for row in rows] == [mail]
    assert not await stores.views.queue_minutes(PROJECT, **span, queues=())
    assert len(await stores.views.queue_minutes(PROJECT, **span)) == 2


async def test_a_cursor_of_another_list_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput):
        await stores.views.queue_page(PROJECT, QueueFilter(), cursor=encode_cursor(1, "a"))


def issue(name: str, *, at: int = NOW, task_id: str = "t1") -> Write:
    request = OrderRequest(action="cancel_task", engine="celery", task_id=task_id)
    issued = decide.issue(
        prepare(request, at=at),
        command_id=CommandId(name),
        project_id=PROJECT,
        issued_by="key:1",
        at=at,
    )
    return write(f"command:{name}", 0, issued)


async def test_commands_follow_the_journal(stores: Stores) -> None:
    await stores.journal.append(issue("c1"))
    command = await stores.views.command(PROJECT, CommandId("c1"))
    assert command is not None
    assert command.status is CommandStatus.ISSUED
    assert [each.id for each in await stores.views.open_commands()] == ["c1"]
    assert await stores.views.command(OTHER, CommandId("c1")) is None
    cancelled = decide.cancel(command, by="key:1", at=NOW + 1)
    await stores.journal.append(write("command:c1", 1, cancelled))
    command = await stores.views.command(PROJECT, CommandId("c1"))
    assert command is not None
    assert command.status is CommandStatus.CANCELLED
    assert not await stores.views.open_commands()


async def test_command_lists(stores: Stores) -> None:
    writes = [issue(f"c{n}", at=NOW + n // 2, task_id=f"t{n % 2}") for n in range(5)]
    await stores.journal.append(*writes)
    first = await stores.views.commands(PROJECT, limit=3)
    rest = await stores.views.commands(PROJECT, cursor=first.next_cursor, limit=3)
    ids = [each.id for each in (*first.commands, *rest.commands)]
    assert ids == ["c4", "c3", "c2", "c1", "c0"]
    assert rest.next_cursor is None
    on_t1 = await stores.views.commands(PROJECT, task_id="t1")
    assert [each.id for each in on_t1.commands] == ["c3", "c1"]
    ended = frozenset({CommandStatus.FAILED})
    assert not (await stores.views.commands(PROJECT, statuses=ended)).commands


async def everything(stores: Stores) -> Sequence[object]:
    views = stores.views
    span: dict[str, Any] = {"since": 0, "until": NOW + 60 * MINUTE}
    tasks = await views.tasks(PROJECT, Query(), limit=500)
    return [
        [(task.key, task.to_document()) for task in tasks.tasks],
        [(row.key, row.to_document()) for row in await views.statistics(PROJECT, **span)],
        await views.queues(PROJECT),
        await views.queue_minutes(PROJECT, **span),
        (await stores.workers.page(PROJECT, WorkerFilter())).workers,
        (await views.commands(PROJECT)).commands,
    ]


async def test_a_rebuild_gives_the_same_views(stores: Stores) -> None:
    await stores.journal.append(issue("c1"), session_opened(live_session()))
    await stores.events.append(
        Batch((event("queue.depth_report", "", queue="mail", depth=3),), (report(buffer_depth=1),))
    )
    for number in range(5):
        for each in reversed(run_of(f"t{number}", queue="mail")):
            await stores.events.append(Batch((each,)))
    before = await everything(stores)
    await stores.views.reset()
    assert not (await stores.views.tasks(PROJECT, Query())).tasks
    await stores.views.rebuild(events=(), entries=await stores.journal.follow(None))
    async for chunk in stores.events.scan(chunk=4):
        await stores.views.rebuild(events=chunk, entries=())
    assert await everything(stores) == before
