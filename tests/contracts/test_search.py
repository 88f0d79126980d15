"""Every store finds what the meaning of a query says."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings

from taskdeck.adapters.memory.event_store import MemoryEventStore
from taskdeck.adapters.memory.projection_store import MemoryProjectionStore
from taskdeck.adapters.memory.state import MemoryState
from taskdeck.domain.batching import Batch
from taskdeck.domain.events import Event
from taskdeck.domain.instants import MINUTE, SECOND
from taskdeck.domain.projections.tasks import Task
from taskdeck.domain.search import Query, parse_query
from taskdeck.ports.projection_store import ProjectionStore

from ..builders import NOW, PROJECT, event
from ..unit.search.queries import queries
from .conftest import Stores

HOSTILE = "a'; DROP TABLE tasks;-- %_*[x]\\\" \u202e é 'K' \u212a"


def story() -> Sequence[Event]:
    """Tasks of several engines, names, states and arguments, and some that are meant to confuse."""
    return [
        event("task.received", "t1", engine="celery", task_name="shop.pay", queue="mail",
              args=[42, {"user": {"id": 7}}], kwargs={"user": {"id": 42, "name": "Ann Lee"}},
              tags=["vip", "eu"], priority="high"),
        event("task.started", "t1", engine="celery", at=NOW + SECOND, worker="w1@host"),
        event("task.succeeded", "t1", engine="celery", at=NOW + 9 * SECOND, runtime_ms=8_000,
              result={"total": 12.5, "ok": True, "items": [1, 2, None]}),
        event("task.received", "t2", engine="celery", task_name="shop.send_mail", queue="mail",
              parent_task_id="t1", root_task_id="t1", args=["42"], kwargs={"path": "C:\\a\"b\n"}),
        event("task.started", "t2", engine="celery", at=NOW + 2 * SECOND),
        event("task.failed", "t2", engine="celery", at=NOW + 3 * SECOND, exception="TimeoutError",
              exception_message="no answer after 30 s", traceback="Traceback …"),
        event("task.started", "t2", engine="huey", at=NOW + MINUTE, task_name="send_mail"),
        event("task.received", "a*b", engine="rq", at=NOW + 2 * MINUTE, task_name="100%_sure[?]",
              queue=HOSTILE, description=HOSTILE),
        event("task.started", HOSTILE, engine="rq", at=NOW + 3 * MINUTE, task_name=HOSTILE,
              args=[HOSTILE], kwargs={HOSTILE: HOSTILE}),
        event("task.revoked", "x" * 200, engine="arq", at=NOW - MINUTE, task_name="Shop.Pay"),
        event("task.retried", "t5", engine="dramatiq", at=NOW + 30 * SECOND, queue="slow.DQ",
              task_name="résumé", exception="ValueError: bad é", args=[1e-05, 10**30, -0.0, 2.0]),
    ]  # fmt: skip


WRITTEN = [
    "", "state:failed", "state:failure,running", "-state:succeeded", "name:shop.*", "name:*mail",
    "name:shop.pay", "-name:shop.*", "queue:mail", "-queue:mail", "worker:w1@host", "engine:rq",
    "id:t2", "id:t*", "id:a*b", 'id:"a*b"', "parent:t1", "root:t1", "tag:vip", "42", "ann", '"Ann Lee"',
    "error:timeout", "exception:TimeoutError", "message:answer", "args.user.id:42", "args.0:42",
    "kwargs.user.id:42", "args.1.user.id:7", "kwargs.user.name:Ann*", "result.ok:true",
    "result.total:12.50", "result.total>12", "result.items.2:null", "runtime>5s", "runtime<5s",
    "-runtime>5s", "wait>500ms", "attempts>1", "priority:high", "since:2100-01-01T00:00:00Z",
    "state:failed name:shop.* error:timeout", "text:résumé", "args.0<0.001", "args.1>10", "é",
    'name:"100%_sure[?]"', "name:100%*", 'kwargs.path:C:*',
]  # fmt: skip


async def found(views: ProjectionStore, query: Query, limit: int = 3) -> list[Task]:
    """All pages of a search."""
    tasks: list[Task] = []
    cursor = None
    while True:
        page = await views.tasks(PROJECT, query, cursor=cursor, limit=limit)
        tasks += page.tasks
        cursor = page.next_cursor
        if cursor is None:
            return tasks


async def expected(query: Query) -> list[Task]:
    state = MemoryState()
    await MemoryEventStore(state).append(Batch(tuple(story())))
    return await found(MemoryProjectionStore(state), query)


@pytest.mark.parametrize("text", WRITTEN)
async def test_written_queries(stores: Stores, text: str) -> None:
    await stores.events.append(Batch(tuple(story())))
    query = parse_query(text, now=NOW)
    assert await found(stores.views, query) == await expected(query)


async def test_written_queries_find_something() -> None:
    silent = [text for text in WRITTEN if not await expected(parse_query(text, now=NOW))]
    assert silent == ["attempts>1", "since:2100-01-01T00:00:00Z"]


async def test_generated_queries(stores: Stores) -> None:
    await stores.events.append(Batch(tuple(story())))
    loop = asyncio.get_running_loop()

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(queries)
    def compare(query: Query) -> None:
        async def both() -> None:
            assert await found(stores.views, query) == await expected(query)

        asyncio.run_coroutine_threadsafe(both(), loop).result(30)

    await asyncio.to_thread(compare)


async def test_children_of_a_task(stores: Stores) -> None:
    await stores.events.append(Batch(tuple(story())))
    children = await stores.views.children(PROJECT, "celery", "t1")
    assert [task.key.task_id for task in children] == ["t2"]
    assert list(await stores.views.children(PROJECT, "celery", "t2")) == []
    assert list(await stores.views.children(PROJECT, "huey", "t1")) == []
