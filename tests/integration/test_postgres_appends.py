"""Replicas that append to one PostgreSQL at the same time: each event once, no fold lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import psycopg
import pytest

from taskdeck.adapters.memory.clock import ManualClock
from taskdeck.adapters.memory.event_store import MemoryEventStore
from taskdeck.adapters.memory.projection_store import MemoryProjectionStore
from taskdeck.adapters.memory.state import MemoryState
from taskdeck.adapters.postgres.database import PostgresDatabase
from taskdeck.adapters.postgres.event_store import PostgresEventStore
from taskdeck.adapters.postgres.projection_store import PostgresProjectionStore
from taskdeck.domain.batching import Batch
from taskdeck.domain.events import Event
from taskdeck.domain.instants import DAY, MINUTE, SECOND, Instant
from taskdeck.domain.queries import EventFilter
from taskdeck.domain.search import Query
from taskdeck.ports.event_store import Appended, EventStore
from taskdeck.ports.projection_store import ProjectionStore

from ..builders import NOW, OTHER, PROJECT, event, run_of
from ..postgres_server import PATIENT

CLOCK = ManualClock(NOW)
MIDNIGHT = NOW - NOW % DAY + DAY
"""Of the first day after `NOW`."""
BEFORE, AFTER = MIDNIGHT - SECOND, MIDNIGHT + SECOND


@dataclass(frozen=True)
class Replica:
    database: PostgresDatabase
    events: PostgresEventStore
    views: PostgresProjectionStore


@pytest.fixture
async def replicas(postgres_url: str) -> AsyncIterator[Sequence[Replica]]:
    async with AsyncExitStack() as stack:
        opened = []
        for direct in (False, True, False):
            database = PostgresDatabase(postgres_url, timeouts=PATIENT, direct=direct)
            await database.open()
            stack.push_async_callback(database.close)
            opened.append(
                Replica(
                    database,
                    PostgresEventStore(database, CLOCK),
                    PostgresProjectionStore(database, CLOCK),
                )
            )
        yield opened


def received(events: Sequence[Event], at: Instant) -> Batch:
    return Batch(tuple(replace(each, received_at=at) for each in events))


def total(results: Sequence[Appended]) -> int:
    return sum(each.stored for each in results)


async def everything(store: EventStore) -> list[bytes]:
    return [each.id async for chunk in store.scan() for each in chunk]


async def deadlocks(url: str) -> int:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )
        (count,) = await cursor.fetchone() or (0,)
        return int(count)


@pytest.mark.parametrize("size", [3, 600])
@pytest.mark.parametrize(
    "receipts",
    [(BEFORE, BEFORE, BEFORE), (BEFORE, AFTER, AFTER), (AFTER, AFTER + DAY, AFTER + 5 * DAY)],
    ids=["one-day", "midnight", "days-later"],
)
async def test_copies_at_the_same_moment_are_stored_once(
    replicas: Sequence[Replica], receipts: Sequence[Instant], size: int
) -> None:
    facts = [event("task.started", f"t{number}", at=BEFORE - number) for number in range(size)]
    results = await asyncio.gather(
        *(
            replica.events.append(received(facts, at))
            for replica, at in zip(replicas, receipts, strict=True)
        )
    )
    assert total(results) == size
    assert sum(each.duplicates for each in results) == 2 * size
    assert sorted(await everything(replicas[0].events)) == sorted(each.id for each in facts)


@pytest.mark.parametrize(
    "receipts",
    [
        (BEFORE, AFTER),
        (BEFORE, BEFORE + 3 * DAY),
        # What one replica received at noon and could not store until the other had, next day.
        (AFTER, BEFORE),
        (AFTER + DAY, AFTER + 2 * DAY),
    ],
)
async def test_a_copy_of_another_day_is_recognised(
    replicas: Sequence[Replica], receipts: Sequence[Instant]
) -> None:
    first, second, _ = replicas
    facts = run_of("t1", at=MIDNIGHT - MINUTE)
    stored = await first.events.append(received(facts, receipts[0]))
    again = await second.events.append(received(facts, receipts[1]))
    assert (stored.stored, again.stored, again.duplicates) == (3, 0, 3)
    (page, _) = [await each.events.read(PROJECT, EventFilter()) for each in replicas[:2]]
    assert [each.received_at for each in page.events] == [receipts[0]] * 3


async def test_an_event_from_a_clock_ahead_is_stored_once(replicas: Sequence[Replica]) -> None:
    fact = event("task.started", at=AFTER)
    for replica, at in zip(replicas, (BEFORE, AFTER, BEFORE), strict=True):
        await replica.events.append(received([fact], at))
    assert await everything(replicas[0].events) == [fact.id]


async def test_events_older_than_the_log_are_stored_once(replicas: Sequence[Replica]) -> None:
    old = [event("task.started", f"t{number}", at=NOW - 40 * DAY) for number in range(3)]
    young = run_of("t1", at=BEFORE)
    results = await asyncio.gather(
        replicas[0].events.append(received([*old[:2], *young], BEFORE)),
        replicas[1].events.append(received([*young, *old], AFTER)),
        replicas[2].events.append(received(old[::-1], AFTER + DAY)),
    )
    assert total(results) == 6
    assert len(await everything(replicas[0].events)) == 6


async def test_the_same_id_in_two_projects_is_two_events(replicas: Sequence[Replica]) -> None:
    here = event("task.started", name="same", at=BEFORE)
    there = event("task.started", name="same", at=BEFORE, project_id=OTHER)
    assert (await replicas[0].events.append(received([here, there], AFTER))).stored == 2


async def test_overlapping_batches_in_any_order(
    replicas: Sequence[Replica], postgres_url: str
) -> None:
    """Twenty batches of a few facts each, all overlapping, shuffled, around midnight."""
    random = Random(7)
    facts = [
        each
        for number in range(60)
        for each in run_of(f"t{number}", at=MIDNIGHT - 90 * SECOND + number * 3 * SECOND)
    ]

    async def pour(replica: Replica) -> int:
        stored = 0
        for _ in range(8):
            chosen = random.sample(facts, 120)
            at = MIDNIGHT + random.randint(-60, 60) * SECOND
            stored += (await replica.events.append(received(chosen, at))).stored
        return stored

    poured = sum(await asyncio.gather(*map(pour, replicas)))
    rest = await replicas[0].events.append(received(facts, AFTER))
    assert poured + rest.stored == len(facts)
    assert len(set(await everything(replicas[0].events))) == len(facts)
    assert await deadlocks(postgres_url) == 0


async def shown(views: ProjectionStore) -> Sequence[object]:
    span: dict[str, Any] = {"since": 0, "until": NOW + 2 * DAY}
    tasks = (await views.tasks(PROJECT, Query(), limit=500)).tasks
    return [
        [(task.key, task.to_document()) for task in tasks],
        [(row.key, row.to_document()) for row in await views.statistics(PROJECT, **span)],
        await views.queues(PROJECT),
        await views.queue_minutes(PROJECT, **span),
    ]


async def test_concurrent_folds_of_the_same_tasks_lose_nothing(
    replicas: Sequence[Replica], postgres_url: str
) -> None:
    random = Random(11)
    facts = [
        each
        for number in range(40)
        for attempt in range(3)
        for each in run_of(f"t{number}", at=NOW + attempt * MINUTE + number, queue="mail")
    ]
    random.shuffle(facts)
    batches = [Batch(tuple(facts[start : start + 9])) for start in range(0, len(facts), 9)]

    async def pour(number: int, replica: Replica) -> None:
        for batch in batches[number::3]:
            await replica.events.append(batch)

    await asyncio.gather(*(pour(number, replica) for number, replica in enumerate(replicas)))
    state = MemoryState()
    await MemoryEventStore(state).append(Batch(tuple(facts)))
    assert await shown(replicas[0].views) == await shown(MemoryProjectionStore(state))
    assert await deadlocks(postgres_url) == 0


async def test_following_misses_nothing_that_commits_late(replicas: Sequence[Replica]) -> None:
    """A reader that follows while three replicas write sees every event once."""
    reader = PostgresEventStore(replicas[0].database, CLOCK)
    seen: list[bytes] = []
    cursor: str | None = None

    async def write(number: int, replica: Replica) -> None:
        for part in range(15):
            size = 200 if part % 3 == number else 1
            facts = [event("task.started", f"{number}-{part}-{each}") for each in range(size)]
            await replica.events.append(Batch(tuple(facts)))

    async def follow() -> None:
        nonlocal cursor
        page = await reader.read(PROJECT, EventFilter(), after=cursor, limit=70)
        seen.extend(each.id for each in page.events)
        cursor = page.next_cursor

    writing = asyncio.gather(*(write(number, each) for number, each in enumerate(replicas)))
    while not writing.done():
        await follow()
    await writing
    stored = await everything(reader)
    while len(seen) < len(stored):
        await follow()
        assert seen == stored[: len(seen)]
