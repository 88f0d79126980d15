"""Every store finds what a query means; `domain.search.meaning` is the rule."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskdeck.domain.batching import Batch
from taskdeck.domain.errors import InvalidInput
from taskdeck.domain.events import Event
from taskdeck.domain.instants import MINUTE, SECOND
from taskdeck.domain.paging import encode_cursor
from taskdeck.domain.search import Query, meaning_of, parse_query

from ..builders import NOW, OTHER, PROJECT, event, run_of
from ..unit.search.queries import queries, words
from .conftest import Stores

ORDER = ["good", "bad", "child", "busy"]
HISTORY: Sequence[Event] = (
    *run_of(
        "good",
        at=NOW + 2 * MINUTE,
        queue="mail",
        args=[{"user": {"id": 7}}, "Fünf", 2**70],
        kwargs={"id": "customer-42", "user": {"id": 42, "tags": ["vip", "eu"]}, "a.b": 1.5},
        result={"sent": True, "to": None},
        priority=5,
        tags=["nightly", "billing"],
    ),
    *run_of(
        "bad",
        at=NOW + MINUTE,
        outcome="failed",
        task_name="shop.ship",
        exception="ValueError: no stock\nfor [it]?",
        kwargs={"user": {"id": "43"}, "quote": 'say "hi" \\ bye'},
        priority=-1,
    ),
    event(
        "task.received", "child", at=NOW + 30 * SECOND, queue="mail.eu", task_name="shop.pay",
        parent_task_id="good", root_task_id="good",
    ),
    event("task.started", "busy", engine="celery", worker="w1@h"),
    event("task.started", "elsewhere", project_id=OTHER),
)  # fmt: skip


async def found(stores: Stores, query: Query, limit: int = 50) -> list[str]:
    """All that is found, page after page."""
    ids: list[str] = []
    cursor = None
    while True:
        page = await stores.views.tasks(PROJECT, query, cursor=cursor, limit=limit)
        ids += [task.key.task_id for task in page.tasks]
        cursor = page.next_cursor
        if cursor is None:
            assert page.searched == (True, None)
            return ids


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ORDER),
        ("state:failed", ["bad"]),
        ("state:failure,running", ["bad", "busy"]),
        ("-state:failed -state:started", ["good", "child"]),
        ("name:shop.pay", ["good", "child"]),
        ("name:shop.*", ["good", "bad", "child"]),
        ("name:*p*y", ["good", "child"]),
        ('name:"shop.*"', []),
        ("name:shop_*", []),
        ("name:SHOP.pay", []),
        ("name:shop.pay state:failed", []),
        ('name:""', ["busy"]),
        ("engine:celery", ["busy"]),
        ("queue:mail", ["good"]),
        ("queue:mail*", ["good", "child"]),
        ("-queue:mail", ["bad", "child", "busy"]),
        ("-queue:*", ["bad", "busy"]),
        ("worker:w1@h,w2", ["busy"]),
        ("worker:w?@h", []),
        ("id:good", ["good"]),
        ("id:good,bad engine:huey", ["good", "bad"]),
        ("id:good -engine:huey", []),
        ("id:*o*", ["good"]),
        ("parent:good", ["child"]),
        ("root:good -parent:x", ["child"]),
        ("tag:nightly", ["good"]),
        ("tag:night*,x", ["good"]),
        ("CUSTOMER-42", ["good"]),
        ("text:customer-42,stock", ["good", "bad"]),
        ("BAD", ["bad"]),
        ("fünf", ["good"]),
        ("FÜNF", []),
        ("1180591620717411303424", ["good"]),
        ("100%", []),
        ("shop.*y", ["good", "child"]),
        ('"say \\"hi\\" \\\\ bye"', ["bad"]),
        ("-shop", ["busy"]),
        ("error:valueerror", ["bad"]),
        ("error:STOCK", ["bad"]),
        ("error:[it]?", ["bad"]),
        ("exception:ValueError", ["bad"]),
        ("exception:stock", []),
        ("message:stock*it", ["bad"]),
        ("args.user.id:42", ["good"]),
        ("args.user.id:42,43", ["good", "bad"]),
        ("args.user.id:7", ["good"]),
        ("kwargs.user.id:7", []),
        ("args.user.id:42.0", ["good"]),
        ("args.user.id:4*", ["good", "bad"]),
        ("args.user.id>41", ["good"]),
        ("-args.user.id>41", ["bad", "child", "busy"]),
        ("args.0.user.id:7", ["good"]),
        ("args.1:Fünf", ["good"]),
        ("args:fünf", []),
        ("args.9:7", []),
        ("kwargs.user.tags:eu", ["good"]),
        ('kwargs."a.b":1.50', ["good"]),
        ("result.sent:true", ["good"]),
        ("result.to:null", ["good"]),
        ("runtime>1s", ["good", "bad"]),
        ("runtime>2s", []),
        ("wait<=1s", ["good", "bad"]),
        ("-runtime>1s", ["child", "busy"]),
        ("attempts:1", ORDER),
        ("priority:5", ["good"]),
        ("priority:-1", ["bad"]),
        ("since:1m", ["good", "bad"]),
        ("until:1m", ["child", "busy"]),
        ("-since:1m", ["child", "busy"]),
        ("state:failed since:1m", ["bad"]),
        ("finished>1m", ["good", "bad"]),
        ("started<1h", []),
        ("received>=1m name:shop.pay", ["good"]),
    ],
)
async def test_what_queries_find(stores: Stores, text: str, expected: list[str]) -> None:
    await stores.events.append(Batch(tuple(HISTORY)))
    query = parse_query(text, now=NOW + 2 * MINUTE)
    assert await found(stores, query) == expected
    assert await found(stores, query, limit=1) == expected


async def test_one_among_many_is_found_over_several_steps(stores: Stores) -> None:
    """Many tasks have one time, which is hardest: a step goes by times."""
    crowd = [event("task.started", f"{n:04}", at=NOW + n // 900, n=n) for n in range(3_000)]
    needle = event("task.started", "needle", at=NOW - 1, worker="w")
    await stores.events.append(Batch((*crowd, needle)))
    for text in ("needle", "worker:w", "state:started worker:w", "-worker:x attempts:1 worker:w"):
        assert await found(stores, parse_query(text, now=NOW)) == ["needle"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [((2**62, "", ""), ORDER), ((-(2**62), "a", "b"), []), ((1, "\0", "\1"), [])],
)
async def test_odd_cursors_only_lead_elsewhere(
    stores: Stores, place: tuple[int, str, str], expected: list[str]
) -> None:
    await stores.events.append(Batch(tuple(HISTORY)))
    page = await stores.views.tasks(PROJECT, Query(), cursor=encode_cursor(*place))
    assert [task.key.task_id for task in page.tasks] == expected


async def test_a_cursor_that_is_no_text_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput):
        await stores.views.tasks(PROJECT, Query(), cursor="WzEsIlx1ZDgwMCIsIiJd")


values = st.recursive(
    words | st.integers(-50, 50) | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans() | st.none() | st.sampled_from([42, 42.0, 1.5, 2**70]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["a", "b", "0", "id"]) | words, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
details = st.fixed_dictionaries(
    {},
    optional={
        "task_name": words,
        "queue": words,
        "worker": words | st.integers(),
        "priority": st.integers(-3, 3),
        "parent_task_id": words,
        "root_task_id": words,
        "tags": values,
        "args": values,
        "kwargs": values,
        "result": values,
        "exception": words,
        "exception_message": words,
    },
)
kinds = st.sampled_from(["received", "started", "retried", "succeeded", "failed"])


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    def one(number: int) -> Event:
        data: dict[str, Any] = draw(details)
        at = NOW + draw(st.sampled_from([0, 1, SECOND, MINUTE]))
        task_id = draw(st.sampled_from(["t1", "t2", "a", "K", '"', "42"]))
        return event(f"task.{draw(kinds)}", task_id, at=at, engine="huey", name=number, **data)

    return [one(number) for number in range(draw(st.integers(1, 12)))]


async def test_any_query_finds_what_it_means(stores: Stores) -> None:
    loop = asyncio.get_running_loop()

    @settings(max_examples=60, deadline=None)
    @given(history=histories(), asked=st.lists(queries, min_size=1, max_size=8))
    def compare(history: list[Event], asked: list[Query]) -> None:
        async def both() -> None:
            await stores.events.append(Batch(tuple(history)))
            tasks = (await stores.views.tasks(PROJECT, Query(), limit=500)).tasks
            for query in asked:
                holds = meaning_of(query)
                meant = [task.key.task_id for task in tasks if holds(task)]
                assert await found(stores, query, limit=3) == meant, query

        asyncio.run_coroutine_threadsafe(both(), loop).result(30)

    await asyncio.to_thread(compare)
