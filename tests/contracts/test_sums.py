"""Sums are what the minutes come to, whichever periods are summed up already."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from taskdeck.domain.batching import Batch
from taskdeck.domain.events import Event
from taskdeck.domain.instants import DAY, HOUR, MINUTE, Instant
from taskdeck.domain.projections.periods import MARGIN
from taskdeck.domain.projections.reading import Window
from taskdeck.domain.projections.statistics import WindowStatistics
from taskdeck.domain.projections.sums import Sums, sum_up

from ..builders import NOW, OTHER, PROJECT, run_of
from .conftest import Stores

NOON = NOW - NOW % DAY + 12 * HOUR
LATELY = Window(since=NOON - 2 * HOUR, until=NOON, step=MINUTE)
SHOWN = [
    (HOUR, MINUTE),
    (6 * HOUR, 5 * MINUTE),
    (DAY, 15 * MINUTE),
    (4 * DAY, HOUR),
    (20 * DAY, 6 * HOUR),
]


def busy_days(count: int = 150) -> list[Event]:
    """Runs over four days until noon, most of them lately, under a few names."""
    chance = random.Random(1)
    found: list[Event] = []
    for number in range(count):
        at = NOON - int(chance.paretovariate(0.3) * MINUTE) % (4 * DAY)
        outcome = chance.choice(["succeeded", "failed"])
        found += run_of(
            f"t{number}", at=at, outcome=outcome, task_name=chance.choice(["shop.pay", "a\0b", ""]),
            runtime_ms=chance.lognormvariate(6, 2),
        )  # fmt: skip
    return found


async def sum_all(stores: Stores, now: Instant = NOON) -> int:
    """Returns how many calls it took."""
    calls = 1
    while await stores.upkeep.sum_up(now, since=now - 10 * DAY):
        calls += 1
    return calls


def shown(sums: Sums) -> tuple[dict[Any, WindowStatistics], dict[Instant, WindowStatistics]]:
    return (
        {name: each.window() for name, each in sums.names.items()},
        {at: each.window() for at, each in sums.points.items() if not each.is_empty},
    )


async def check(stores: Stores, length: Instant, step: Instant, **narrowed: str) -> None:
    for end in (NOON + MINUTE, NOON - 7 * MINUTE, NOON - 14 * HOUR):
        since = (end - length) // step * step
        window = Window(since=since, until=end, step=step, **narrowed)
        rows = await stores.views.statistics(
            PROJECT, since=since, until=end, engine=window.engine, name=window.name
        )
        sums = await stores.views.sums(PROJECT, window)
        assert shown(sums) == shown(sum_up(rows, step=step))


@pytest.mark.parametrize(("length", "step"), SHOWN)
async def test_sums_are_those_of_the_minutes(
    stores: Stores, length: Instant, step: Instant
) -> None:
    await stores.events.append(Batch(tuple(busy_days())))

    await check(stores, length, step)
    await sum_all(stores)
    await check(stores, length, step)
    await check(stores, length, step, name="a\0b")
    await check(stores, length, step, engine="huey")


@pytest.mark.parametrize(("length", "step"), SHOWN)
async def test_what_comes_late_counts_at_once(
    stores: Stores, length: Instant, step: Instant
) -> None:
    await stores.events.append(Batch(tuple(busy_days())))
    await sum_all(stores)
    for number, before in enumerate((8 * MINUTE, 3 * HOUR, DAY + HOUR, 3 * DAY)):
        await stores.events.append(Batch(tuple(run_of(f"late{number}", at=NOON - before))))

    await check(stores, length, step)
    await sum_all(stores)
    await check(stores, length, step)


async def test_names_that_come_late_move_what_was_summed_up(stores: Stores) -> None:
    nameless = [replace(each, data={}, raw=b"{}") for each in run_of("t1", at=NOON - HOUR)]
    await stores.events.append(Batch(tuple(nameless[:2])))
    await sum_all(stores)
    await stores.events.append(Batch(tuple(run_of("t1", at=NOON - HOUR)[2:])))

    sums = await stores.views.sums(PROJECT, LATELY)

    assert [name for _, name in sums.names] == ["shop.pay"]


async def test_only_what_has_ended_for_a_while_is_summed_up(stores: Stores) -> None:
    """What comes within the margin is counted, though the period has ended."""
    await stores.events.append(Batch(tuple(run_of("t1", at=NOON - MINUTE))))
    await sum_all(stores, NOON + MARGIN - MINUTE)
    await stores.events.append(Batch(tuple(run_of("t2", at=NOON - MINUTE))))
    await sum_all(stores, NOON + MARGIN)

    sums = await stores.views.sums(PROJECT, LATELY)

    assert sums.points[NOON - MINUTE].counts["succeeded"] == 2


async def test_summing_up_ends_and_is_done_once(stores: Stores) -> None:
    await stores.events.append(Batch(tuple(busy_days())))
    await sum_all(stores)
    assert await sum_all(stores) == 1


async def test_sums_of_a_project_are_its_own(stores: Stores) -> None:
    there = run_of("t1", at=NOON - HOUR, project_id=OTHER)
    await stores.events.append(Batch((*run_of("t1", at=NOON - HOUR), *there)))
    await sum_all(stores)

    mine = await stores.views.sums(PROJECT, LATELY)

    assert [each.counts["received"] for each in mine.names.values()] == [1]
    assert not (await stores.views.sums(PROJECT, replace(LATELY, name="other"))).names


async def test_a_rebuild_forgets_the_sums(stores: Stores) -> None:
    events = run_of("t1", at=NOON - HOUR)
    await stores.events.append(Batch(tuple(events)))
    await sum_all(stores)

    await stores.views.reset()
    window = Window(since=NOON - DAY, until=NOON, step=15 * MINUTE)
    assert not (await stores.views.sums(PROJECT, window)).names

    await stores.views.rebuild(events=events, entries=())
    assert len((await stores.views.sums(PROJECT, window)).names) == 1
