"""What failures have in common, the same in every store."""

from __future__ import annotations

from collections import Counter
from typing import Any

from taskdeck.domain.batching import Batch
from taskdeck.domain.events import Event
from taskdeck.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from taskdeck.domain.projections import failure_hours
from taskdeck.domain.projections.failure_hours import OTHER, FailureSpan
from taskdeck.domain.projections.failures import Failure
from taskdeck.domain.projections.fingerprints import FailureKind, classify
from taskdeck.domain.search import parse_query
from taskdeck.domain.services.replay import replay

from ..builders import NOW, PROJECT, event, run_of
from ..builders import OTHER as OTHER_PROJECT
from .conftest import Stores

HOUR_START = NOW - NOW % HOUR
TRACEBACK = 'Traceback (most recent call last):\n  File "/app/shop/tasks.py", line 7, in pay\n'
DECLINED = FailureKind("Declined", "card # is no good", "shop/tasks.py:pay")
TIMEOUT = FailureKind("TimeoutError", "", "")


def failing(
    task_id: str, at: Instant, kind: str = "failed", said: str = "TimeoutError", **data: Any
) -> Event:
    data.setdefault("task_name", "shop.pay")
    return event(f"task.{kind}", task_id, at=at, exception=said, **data)


def declined(task_id: str, at: Instant, kind: str = "failed", **data: Any) -> Event:
    told = {"exception_message": f"card {task_id} is no good", "traceback": TRACEBACK}
    return failing(task_id, at, kind, "Declined", **told, **data)


async def put(stores: Stores, *events: Event) -> None:
    await stores.events.append(Batch(events))


async def spans(
    stores: Stores,
    *,
    since: Instant = HOUR_START,
    until: Instant = HOUR_START + DAY,
    step: int = DAY,
) -> list[FailureSpan]:
    return list(await stores.failures.spans(PROJECT, since=since, until=until, step=step))


async def test_failures_of_one_kind_are_counted_together(stores: Stores) -> None:
    await put(
        stores,
        declined("t1", HOUR_START + MINUTE),
        declined("t2", HOUR_START + MINUTE + SECOND),
        declined("t3", HOUR_START + 2 * MINUTE, "retried"),
        failing("t4", HOUR_START + HOUR, task_name="shop.mail"),
        failing("t5", HOUR_START, project_id=OTHER_PROJECT),
        *run_of("t6", at=HOUR_START),
    )
    await put(stores, declined("t3", HOUR_START + 61 * MINUTE))

    day = HOUR_START - HOUR_START % DAY
    assert await spans(stores, since=day, until=day + 2 * DAY) == sorted([
        FailureSpan(DECLINED.fingerprint, "huey", "shop.pay", day, 3, 1,
                    HOUR_START + MINUTE, HOUR_START + 61 * MINUTE),
        FailureSpan(TIMEOUT.fingerprint, "huey", "shop.mail", day, 1, 0,
                    HOUR_START + HOUR, HOUR_START + HOUR),
    ])  # fmt: skip
    by_hour = await spans(stores, step=HOUR)
    assert [(each.at - HOUR_START) // HOUR for each in by_hour] == [0, 1, 1]
    assert [
        (each.at, each.failed, each.retried)
        for each in await spans(stores, until=HOUR_START + 2 * MINUTE, step=MINUTE)
    ] == [(HOUR_START + MINUTE, 2, 0)]


async def test_minutes_are_found_within_their_limits(stores: Stores) -> None:
    times = [HOUR_START + minute * MINUTE for minute in (0, 14, 15, 44, 59, 60, 75)]
    await put(stores, *(failing(f"t{n}", at) for n, at in enumerate(times)))

    found = await spans(
        stores, since=HOUR_START + 15 * MINUTE, until=HOUR_START + 75 * MINUTE, step=15 * MINUTE
    )

    assert [((each.at - HOUR_START) // MINUTE, each.failed) for each in found] == [
        (15, 1), (30, 1), (45, 1), (60, 1),
    ]  # fmt: skip


async def test_copies_and_corrections_change_no_sum(stores: Stores) -> None:
    first = failing("t1", HOUR_START, task_name=None)
    await put(stores, first)
    await put(stores, first, failing("t1", HOUR_START + SECOND, task_name="shop.pay", name="again"))
    await put(stores, failing("t1", HOUR_START, task_name=None, name="late"))

    (span,) = await spans(stores)
    assert (span.name, span.failed, span.retried) == ("shop.pay", 1, 0)


async def test_fingerprints_say_what_they_stand_for(stores: Stores) -> None:
    await put(stores, declined("t1", NOW), failing("t2", NOW), event("task.failed", "t3"))
    window: dict[str, Any] = {"since": NOW - HOUR, "until": NOW + HOUR}
    wanted = [DECLINED.fingerprint, TIMEOUT.fingerprint, FailureKind().fingerprint, "nothing"]

    assert await stores.failures.kinds(PROJECT, wanted, **window) == {
        DECLINED.fingerprint: DECLINED, TIMEOUT.fingerprint: TIMEOUT,
    }  # fmt: skip
    assert await stores.failures.kinds(PROJECT, wanted, since=0, until=NOW - 2 * DAY) == {}
    assert await stores.failures.kinds(OTHER_PROJECT, wanted, **window) == {}


async def test_the_newest_task_that_failed_so(stores: Stores) -> None:
    await put(stores, *(declined(f"t{n}", NOW + n) for n in range(3)), failing("t9", NOW + 9))
    await put(stores, *run_of("t2", at=NOW + HOUR))

    found = await stores.views.newest_failed(PROJECT, [DECLINED.fingerprint, "nothing"])

    assert {each: task.key.task_id for each, task in found.items()} == {DECLINED.fingerprint: "t1"}


async def test_a_fingerprint_finds_its_tasks(stores: Stores) -> None:
    await put(stores, declined("t1", NOW), declined("t2", NOW + 1, "retried"), failing("t3", NOW))
    await put(stores, declined("t4", NOW), *run_of("t4", at=NOW + HOUR))

    async def found(text: str) -> list[str]:
        page = await stores.views.tasks(PROJECT, parse_query(text, now=NOW))
        return [task.key.task_id for task in page.tasks]

    fingerprint = DECLINED.fingerprint
    assert await found(f"fingerprint:{fingerprint}") == ["t2", "t1"]
    assert await found(f"fingerprint:{fingerprint} state:failed") == ["t1"]
    assert await found(f"fingerprint:{fingerprint[:5]}*") == ["t2", "t1"]
    assert await found(f"-fingerprint:{fingerprint}") == ["t4", "t3"]
    assert await found(f"fingerprint:{fingerprint},{TIMEOUT.fingerprint}") == ["t2", "t3", "t1"]


async def test_a_day_has_so_many_kinds_and_the_rest_is_one(
    stores: Stores, monkeypatch: Any
) -> None:
    monkeypatch.setattr(failure_hours, "MOST_KINDS", 3)
    for batch in ("AB", "ABCDE", "AEF"):
        told = (failing(f"{batch}{name}", NOW, said=f"{name}Error") for name in batch)
        await put(stores, *told)
    await put(stores, failing("later", NOW + DAY, said="FError"))

    taken = min("CDE", key=named)
    counts = Counter("AB" + "ABCDE" + "AEF")
    kept = {named(name): counts.pop(name) for name in ("A", "B", taken)}
    found = await spans(stores, until=HOUR_START + HOUR)
    assert {each.fingerprint: each.failed for each in found} == {**kept, OTHER: counts.total()}
    later = await spans(stores, since=HOUR_START + DAY, until=HOUR_START + 2 * DAY)
    assert [each.fingerprint for each in later] == [named("F")]


def named(name: str) -> str:
    return classify(Failure(f"{name}Error", None, None)).fingerprint


async def test_a_rebuild_counts_the_same(stores: Stores) -> None:
    await put(stores, declined("t1", NOW, "retried"), failing("t2", NOW))
    await put(stores, declined("t1", NOW + HOUR), failing("t2", NOW + 2 * HOUR), failing("t3", NOW))

    async def everything() -> object:
        window: dict[str, Any] = {"since": HOUR_START, "until": HOUR_START + DAY}
        prints = [DECLINED.fingerprint, TIMEOUT.fingerprint]
        return (
            await spans(stores, step=MINUTE),
            await stores.failures.kinds(PROJECT, prints, **window),
            await stores.views.newest_failed(PROJECT, prints),
        )

    before = await everything()
    await replay(
        events=stores.events, journal=stores.journal, views=stores.views, progress=lambda _: None
    )

    assert await everything() == before


async def test_old_failures_go_with_the_statistics(stores: Stores) -> None:
    await put(stores, failing("t1", NOW - 25 * DAY), failing("t2", NOW - 15 * DAY))
    while await stores.upkeep.prune(NOW):
        pass

    found = await spans(stores, since=0, until=HOUR_START + DAY, step=HOUR)

    assert [each.at // DAY for each in found] == [(NOW - 15 * DAY) // DAY]
    kinds = [TIMEOUT.fingerprint]
    assert await stores.failures.kinds(PROJECT, kinds, since=0, until=NOW - 20 * DAY) == {}
