"""A PostgreSQL with many millions of events and their tasks, made on the server itself."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from typing import LiteralString

from psycopg import AsyncConnection

from taskdeck.adapters.memory.event_store import MemoryEventStore
from taskdeck.adapters.memory.projection_store import MemoryProjectionStore
from taskdeck.adapters.memory.state import MemoryState
from taskdeck.adapters.postgres.database import PostgresDatabase, conninfo
from taskdeck.adapters.postgres.partitions import TABLES
from taskdeck.domain.batching import Batch
from taskdeck.domain.ids import ProjectId
from taskdeck.domain.instants import DAY, MINUTE
from taskdeck.domain.projections.tasks import TaskState
from taskdeck.domain.search import Query

from .histories import PROJECT
from .histories import events as made

NAMES = 50
VARIANTS = 200
MINUTE_DOCUMENT = json.dumps(
    {
        "c": {"received": 14, "started": 14, "succeeded": 13, "failed": 1},
        "r": {str(bucket): 3 for bucket in range(300, 340, 8)},
        "w": {str(bucket): 3 for bucket in range(200, 240, 8)},
        "t": 1_700_000,
    }
)
SLICE = 250_000
"""Tasks of one transaction."""

PREPARE: LiteralString = """
CREATE TABLE filling (
    variant integer PRIMARY KEY, state text, name text, queue text, document text, data text[]
)
"""
EVENTS: LiteralString = """
INSERT INTO events (batch, occurred_at, received_at, id, project, n, kind, engine, task_id, data)
SELECT i / 5000 + %(batch)s, at, at, gen_random_uuid(), %(project)s, (i %% 5000)::integer,
       (ARRAY['task.received', 'task.started', 'task.succeeded'])[k]::event_kind, 'celery',
       md5(%(day)s || '-' || i), data[k]
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i,
       generate_series(1, 3) AS k,
       LATERAL (SELECT data FROM filling WHERE variant = i %% %(variants)s) AS v,
       LATERAL (SELECT %(start)s::bigint + (i * 3 + k) * %(step)s::bigint AS at) AS t
"""
TASKS: LiteralString = """
INSERT INTO tasks
    (filed_at, last_event_at, project, engine, task_id, state, name, queue, worker, document)
SELECT %(start)s, %(start)s::bigint + (i * 3 + 3) * %(step)s::bigint, %(project)s, 'celery',
       md5(%(day)s || '-' || i), state, name, queue, 'w' || i %% 20, document
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i,
       LATERAL (SELECT * FROM filling WHERE variant = i %% %(variants)s) AS v
"""
MINUTES: LiteralString = """
INSERT INTO statistics (minute, project, engine, name, document)
SELECT %(start)s::bigint + m * %(minute)s::bigint, %(project)s, 'celery', 'bench.task' || n,
       %(document)s
  FROM generate_series(0, 1439) AS m, generate_series(0, %(names)s - 1) AS n
"""


async def fill(url: str, project_id: ProjectId, events: int, days: int) -> float:
    """Store so many events and a third as many tasks, evenly over the last days; returns seconds."""
    begun = time.perf_counter()
    database = PostgresDatabase(url)
    await database.open()
    project = (await database.numbers([project_id]))[project_id]
    today = time.time_ns() // 1_000 // DAY
    await database.partitions.make_ahead(today * DAY)
    wanted = range(today - days, today)
    await database.partitions.make(dict.fromkeys(TABLES, wanted))
    await database.close()
    await _prepare(url)
    a_day = events // 3 // days
    work = [(day, first) for day in wanted for first in range(0, a_day, SLICE)]
    numbered = iter(enumerate(work))
    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(_work(url, numbered, project, a_day))
    async with await AsyncConnection.connect(conninfo(url), autocommit=True) as connection:
        await connection.execute("DROP TABLE filling")
        await connection.execute("VACUUM ANALYZE")
    return time.perf_counter() - begun


async def _prepare(url: str) -> None:
    state = MemoryState()
    events = made(3 * VARIANTS)
    await MemoryEventStore(state).append(Batch(tuple(events)))
    page = await MemoryProjectionStore(state).tasks(PROJECT, Query(), limit=VARIANTS)
    raw = [event.raw.decode() for event in events[:3]]
    async with await AsyncConnection.connect(conninfo(url), autocommit=True) as connection:
        await connection.execute(PREPARE)
        # Room for the order of what was stored before this database counted any transaction.
        await connection.execute("UPDATE event_clock SET base = 1000000000")
        for number, task in enumerate(page.tasks):
            failed = number % 20 == 0
            await connection.execute(
                "INSERT INTO filling VALUES (%s, %s, %s, %s, %s, %s)",
                (
                    number,
                    TaskState.FAILED if failed else TaskState.SUCCEEDED,
                    f"bench.task{number % NAMES}",
                    f"queue{number % 5}",
                    json.dumps(task.to_document()),
                    raw,
                ),
            )


async def _work(
    url: str, work: Iterable[tuple[int, tuple[int, int]]], project: int, a_day: int
) -> None:
    async with await AsyncConnection.connect(conninfo(url), autocommit=True) as connection:
        for number, (day, first) in work:
            wanted = {
                "batch": number * SLICE // 5_000,
                "day": str(day),
                "first": first,
                "last": min(first + SLICE, a_day) - 1,
                "project": project,
                "start": day * DAY,
                "step": DAY // (3 * a_day + 4),
                "variants": VARIANTS,
            }
            await connection.execute(EVENTS, wanted)
            await connection.execute(TASKS, wanted)
            if first == 0:
                await connection.execute(
                    MINUTES,
                    {**wanted, "minute": MINUTE, "names": NAMES, "document": MINUTE_DOCUMENT},
                )
