"""One row a task in PostgreSQL, whoever files it and whatever came before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

import psycopg
import pytest

from taskdeck.adapters.memory.clock import ManualClock
from taskdeck.adapters.postgres import filing
from taskdeck.adapters.postgres.database import PostgresDatabase, conninfo
from taskdeck.adapters.postgres.event_store import PostgresEventStore
from taskdeck.adapters.postgres.migrations import available
from taskdeck.adapters.postgres.partitions import FILINGS, TASKS
from taskdeck.adapters.postgres.upkeep import PostgresUpkeep
from taskdeck.domain.batching import Batch
from taskdeck.domain.instants import DAY, SECOND, Instant
from taskdeck.domain.retention import RetentionDays, kept

from ..builders import NOW, event
from ..postgres_server import PATIENT

CLOCK = ManualClock(NOW)
TASKS_BY_DAY = "SELECT filed_at, count(*) FROM tasks GROUP BY 1 ORDER BY 1"
TODAY = NOW - NOW % DAY
UNDO = """
DROP TRIGGER file_claimed_task ON tasks;
DROP FUNCTION file_claimed_task;
DROP TABLE filings;
DROP FUNCTION task_hash;
"""
OLD_CLAIM = """
INSERT INTO tasks (project, engine, task_id, filed_at, state, name, last_event_at, document)
SELECT number, 'huey', 'claimed', %s, '', '', 0, '' FROM project_numbers
"""


@pytest.fixture
async def replicas(postgres_url: str) -> AsyncIterator[Sequence[PostgresDatabase]]:
    async with AsyncExitStack() as stack:
        opened = [PostgresDatabase(postgres_url, timeouts=PATIENT) for _ in range(2)]
        for database in opened:
            await database.open()
            stack.push_async_callback(database.close)
            await database.partitions.refresh()
        yield opened


async def report(
    database: PostgresDatabase, *task_ids: str, at: Instant, received_at: Instant | None = None
) -> None:
    events = (event("task.started", task_id, at=at) for task_id in task_ids)
    batch = Batch(tuple(replace(each, received_at=received_at or at) for each in events))
    await PostgresEventStore(database, CLOCK).append(batch)


async def run(url: str, statement: str, *parameters: object) -> list[tuple[object, ...]]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute(statement.encode(), parameters or None)
        return await cursor.fetchall() if cursor.description else []


async def test_a_task_is_found_in_a_day_that_another_replica_made(
    replicas: Sequence[PostgresDatabase], postgres_url: str
) -> None:
    await report(replicas[0], "t1", at=NOW - 5 * DAY)
    await report(replicas[1], "t1", at=NOW)
    assert await run(postgres_url, TASKS_BY_DAY) == [(TODAY - 5 * DAY, 1)]


async def test_a_task_whose_day_was_dropped_begins_anew(
    replicas: Sequence[PostgresDatabase], postgres_url: str
) -> None:
    days = RetentionDays(tasks=3)
    upkeep = PostgresUpkeep(replicas[1], conninfo(postgres_url), days)
    for ago in (25, 6):
        await report(replicas[0], "t1", f"t{ago}", at=NOW - ago * DAY)
    while await upkeep.prune(NOW):
        pass
    await report(replicas[0], "t1", at=NOW)
    await report(replicas[1], "t1", "t6", at=NOW + SECOND)
    assert await run(postgres_url, TASKS_BY_DAY) == [(TODAY, 2)]
    # Filings go ten days at a time, when all of them are over.
    ((oldest,),) = await run(postgres_url, "SELECT min(filed_at) FROM filings")
    assert oldest == TODAY - 6 * DAY
    oldest = await upkeep.oldest_days()
    assert not any(each.lag_seconds for each in kept(oldest, NOW, days))


async def test_tasks_of_one_hash_are_kept_apart(
    replicas: Sequence[PostgresDatabase], postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "hash_of", lambda *key: 7)
    await report(replicas[0], "t1", "t2", at=NOW - DAY)
    await asyncio.gather(*(report(each, "t2", "t3", at=NOW) for each in replicas))
    assert await run(postgres_url, TASKS_BY_DAY) == [(TODAY - DAY, 3)]


@pytest.mark.parametrize("task_id", ["t1", "", "a:b", "\u00e9\U0001f600", "x" * 400])
async def test_both_sides_hash_alike(postgres_url: str, task_id: str) -> None:
    ((number,),) = await run(postgres_url, "SELECT task_hash(3, 'huey', %s)", task_id)
    assert number == filing.hash_of(3, "huey", task_id)


async def test_tasks_from_before_filings_stay_one(
    replicas: Sequence[PostgresDatabase], postgres_url: str
) -> None:
    """Those that were there, and those that a replica of the version before files meanwhile."""
    await report(replicas[0], "there", at=NOW - DAY)
    await run(postgres_url, UNDO)
    ((migration,),) = [[text] for _, text in available() if b"CREATE TABLE filings" in text]
    await run(postgres_url, migration.decode())
    await replicas[0].partitions.make({TASKS: [NOW // DAY], FILINGS: [NOW // DAY]})
    await run(postgres_url, OLD_CLAIM, TODAY - DAY)
    await report(replicas[1], "there", "claimed", "new", at=NOW)
    assert await run(postgres_url, TASKS_BY_DAY) == [(TODAY - DAY, 2), (TODAY, 1)]
