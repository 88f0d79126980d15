"""Days come and go in PostgreSQL while replicas write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import psycopg
import pytest

from taskdeck.adapters.memory.clock import ManualClock
from taskdeck.adapters.postgres.database import PostgresDatabase, conninfo
from taskdeck.adapters.postgres.event_store import PostgresEventStore
from taskdeck.adapters.postgres.projection_store import PostgresProjectionStore
from taskdeck.adapters.postgres.upkeep import PostgresUpkeep
from taskdeck.domain.batching import Batch
from taskdeck.domain.events import Event
from taskdeck.domain.instants import DAY, MINUTE, SECOND, Instant
from taskdeck.domain.projections.tasks import TaskState
from taskdeck.domain.retention import RetentionDays, kept
from taskdeck.domain.search import Query

from ..builders import NOW, PROJECT, event, run_of
from ..postgres_server import PATIENT

MIDNIGHT = NOW - NOW % DAY + DAY
KEPT = RetentionDays(events=3, tasks=3, commands=3, statistics=3)


@dataclass(frozen=True)
class Replica:
    clock: ManualClock
    events: PostgresEventStore
    views: PostgresProjectionStore
    upkeep: PostgresUpkeep


@pytest.fixture
async def replicas(postgres_url: str) -> AsyncIterator[Sequence[Replica]]:
    async with AsyncExitStack() as stack:
        opened = []
        for _ in range(2):
            database = PostgresDatabase(postgres_url, timeouts=PATIENT)
            clock = ManualClock(NOW)
            await database.open()
            stack.push_async_callback(database.close)
            opened.append(
                Replica(
                    clock,
                    PostgresEventStore(database, clock),
                    PostgresProjectionStore(database, clock),
                    PostgresUpkeep(database, conninfo(postgres_url), KEPT),
                )
            )
        yield opened


async def run(url: str, statement: str) -> list[tuple[object, ...]]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute(statement.encode())
        return await cursor.fetchall() if cursor.description else []


async def oldest_partition(url: str, table: str) -> str:
    ((partition,),) = await run(
        url,
        "SELECT min(inhrelid::regclass::text) FROM pg_inherits "
        f"WHERE inhparent = '{table}'::regclass",
    )
    return str(partition)


def at(instant: Instant, *events: Event) -> Batch:
    return Batch(tuple(replace(each, received_at=instant) for each in events))


async def test_a_new_task_that_two_replicas_report_around_midnight_is_one(
    replicas: Sequence[Replica], postgres_url: str
) -> None:
    before, after = MIDNIGHT - SECOND, MIDNIGHT + SECOND
    ids = [f"t{number}" for number in range(40)]
    started = [event("task.started", task_id, at=before) for task_id in ids]
    ended = [event("task.succeeded", task_id, at=after) for task_id in ids]
    replicas[0].clock.advance((before - NOW) / SECOND)
    replicas[1].clock.advance((after - NOW) / SECOND)
    await asyncio.gather(
        *(replicas[0].events.append(at(before, each)) for each in started),
        *(replicas[1].events.append(at(after, each)) for each in ended),
    )
    rows = await run(postgres_url, "SELECT count(*), count(DISTINCT task_id) FROM tasks")
    assert rows == [(40, 40)]
    page = await replicas[0].views.tasks(PROJECT, Query(), limit=100)
    assert {task.state for task in page.tasks} == {TaskState.SUCCEEDED}


async def test_a_batch_that_was_held_up_over_midnight_finds_what_was_filed_since(
    replicas: Sequence[Replica], postgres_url: str
) -> None:
    """A replica received an event before an outage and stores it an hour into the next day."""
    late, now = MIDNIGHT - 10 * MINUTE, MIDNIGHT + 60 * MINUTE
    for replica in replicas:
        replica.clock.advance((now - NOW) / SECOND)
    started, ended = (
        [event(kind, f"t{number}", at=moment) for number in range(40)]
        for kind, moment in (("task.started", late), ("task.succeeded", now))
    )
    await asyncio.gather(
        *(replicas[0].events.append(at(late, each)) for each in started),
        *(replicas[1].events.append(at(now, each)) for each in ended),
    )
    assert await run(postgres_url, "SELECT count(*) FROM tasks") == [(40,)]


async def test_a_task_stays_one_however_long_it_is_silent(
    replicas: Sequence[Replica], postgres_url: str
) -> None:
    for days in range(3):
        moment = NOW + days * DAY
        await replicas[days % 2].events.append(at(moment, *run_of("t1", at=moment)))
    assert await run(postgres_url, "SELECT count(*) FROM tasks") == [(1,)]
    task = await replicas[0].views.task(PROJECT, "huey", "t1")
    assert task is not None
    assert task.attempt_count == 3


async def test_writers_go_on_while_old_days_are_dropped(
    replicas: Sequence[Replica], postgres_url: str
) -> None:
    for days in range(8, 3, -1):
        moment = NOW - days * DAY
        await replicas[0].events.append(at(moment, *run_of(f"old{days}", at=moment)))
    stored = 0

    async def write() -> None:
        nonlocal stored
        number = 0
        while not pruning.done():
            moment = NOW + number * SECOND
            batch = at(moment, *run_of(f"new{number}", at=moment))
            stored += (await replicas[number % 2].events.append(batch)).stored
            number += 1

    async def prune() -> None:
        while await replicas[0].upkeep.prune(NOW):
            pass

    pruning = asyncio.create_task(prune())
    await write()
    await pruning
    assert stored
    assert await run(postgres_url, "SELECT count(*) FROM events") == [(stored,)]
    assert await run(postgres_url, "SELECT count(*) FROM tasks") == [(stored // 3,)]
    assert await lag(replicas[0]) == 0


async def lag(replica: Replica) -> float:
    oldest = await replica.upkeep.oldest_days()
    return max(each.lag_seconds for each in kept(oldest, NOW, KEPT))


async def test_lag_tells_how_long_pruning_is_behind(replicas: Sequence[Replica]) -> None:
    moment = NOW - 9 * DAY
    await replicas[0].events.append(at(moment, *run_of("old", at=moment)))
    assert 4 * 86_400 < await lag(replicas[0]) <= 6 * 86_400


async def test_an_interrupted_detach_is_finished(
    replicas: Sequence[Replica], postgres_url: str
) -> None:
    moment = NOW - 9 * DAY
    await replicas[0].events.append(at(moment, *run_of("old", at=moment)))
    partition = await oldest_partition(postgres_url, "events")
    async with await psycopg.AsyncConnection.connect(postgres_url) as reader:
        # An old snapshot keeps DETACH … CONCURRENTLY waiting, until it is interrupted.
        await reader.execute("SELECT count(*) FROM events")
        with pytest.raises(psycopg.errors.QueryCanceled):
            async with await psycopg.AsyncConnection.connect(
                postgres_url, autocommit=True, options="-c statement_timeout=300"
            ) as connection:
                await connection.execute(
                    f"ALTER TABLE events DETACH PARTITION {partition} CONCURRENTLY".encode()
                )
    await replicas[1].upkeep.prune(NOW)
    assert await run(postgres_url, f"SELECT to_regclass('{partition}')") == [(None,)]
    assert (await replicas[0].events.append(at(NOW, *run_of("new")))).stored == 3


async def test_what_a_dead_replica_detached_is_dropped(
    replicas: Sequence[Replica], postgres_url: str
) -> None:
    moment = NOW - 9 * DAY
    await replicas[0].events.append(at(moment, *run_of("old", at=moment)))
    partition = await oldest_partition(postgres_url, "tasks")
    await run(postgres_url, f"ALTER TABLE tasks DETACH PARTITION {partition}")
    await replicas[1].upkeep.prune(NOW)
    assert await run(postgres_url, f"SELECT to_regclass('{partition}')") == [(None,)]


async def test_of_two_replicas_one_prunes(replicas: Sequence[Replica], postgres_url: str) -> None:
    for days in range(9, 4, -1):
        moment = NOW - days * DAY
        await replicas[0].events.append(at(moment, *run_of(f"old{days}", at=moment)))

    async def prune(replica: Replica) -> None:
        while await replica.upkeep.prune(NOW):
            pass

    await asyncio.gather(*map(prune, replicas))
    assert await run(postgres_url, "SELECT count(*) FROM events") == [(0,)]


async def test_lists_read_no_more_than_a_page_of_each_day(
    replicas: Sequence[Replica], postgres_url: str
) -> None:
    for days in range(4):
        moment = NOW + days * DAY
        await replicas[0].events.append(at(moment, *run_of(f"t{days}", at=moment)))
    plan = "\n".join(
        str(line)
        for (line,) in await run(
            f"{postgres_url}?options=-c%20enable_seqscan%3Doff",
            "EXPLAIN SELECT engine, task_id, last_event_at, document "
            "FROM tasks WHERE state <> '' AND project = 1 AND last_event_at <= 9e15::bigint "
            "ORDER BY last_event_at DESC, engine DESC, task_id DESC LIMIT 50",
        )
    )
    assert "Incremental Sort" in plan
    assert "Merge Append" in plan
