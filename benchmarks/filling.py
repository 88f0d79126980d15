"""A PostgreSQL with many millions of events and their tasks, made on the server itself."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from typing import LiteralString

from psycopg import AsyncConnection

from taskdeck.adapters.postgres.database import PostgresDatabase, conninfo
from taskdeck.adapters.postgres.partitions import TABLES
from taskdeck.domain.ids import ProjectId
from taskdeck.domain.instants import DAY, MINUTE

from .stories import VARIANTS, minutes, stories

SLICE = 250_000
"""Tasks of one transaction."""

PREPARE: LiteralString = """
CREATE TABLE filling (
    variant integer PRIMARY KEY, state text, name text, queue text, worker text, document text,
    kinds event_kind[], data text[]
);
CREATE TABLE filling_minutes (name text, m integer, document text)
"""
EVENTS: LiteralString = """
INSERT INTO events (batch, occurred_at, received_at, id, project, n, kind, engine, task_id, data)
SELECT i / 5000 + %(batch)s, at, at, gen_random_uuid(), %(project)s, (i %% 5000)::integer,
       kinds[k], 'celery', md5(%(day)s || '-' || i), data[k]
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i,
       generate_series(1, 3) AS k,
       LATERAL (SELECT kinds, data FROM filling WHERE variant = i %% %(variants)s) AS v,
       LATERAL (SELECT %(start)s::bigint + (i * 3 + k) * %(step)s::bigint AS at) AS t
"""
TASKS: LiteralString = """
INSERT INTO tasks
    (filed_at, last_event_at, project, engine, task_id, state, name, queue, worker, document)
SELECT %(start)s, %(start)s::bigint + (i * 3 + 3) * %(step)s::bigint, %(project)s, 'celery',
       md5(%(day)s || '-' || i), state, name, queue, worker, document
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i,
       LATERAL (SELECT * FROM filling WHERE variant = i %% %(variants)s) AS v
"""
FILINGS: LiteralString = """
INSERT INTO filings (filed_at, hash)
SELECT %(start)s, task_hash(%(project)s, 'celery', md5(%(day)s || '-' || i))
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i
 ORDER BY 2
"""
MINUTES: LiteralString = """
INSERT INTO statistics (minute, project, engine, name, document)
SELECT at, %(project)s, 'celery', name, document
  FROM generate_series(%(start)s::bigint, %(end)s::bigint - 1, 3600000000) AS hour,
       filling_minutes,
       LATERAL (SELECT hour + m * 60000000::bigint AS at) AS minute
 WHERE at < %(end)s
"""


async def fill(url: str, project_id: ProjectId, events: int, days: int) -> float:
    """Store so many events and a third as many tasks, evenly over the last days until now;
    returns seconds."""
    begun = time.perf_counter()
    now = time.time_ns() // 1_000
    today = now // DAY
    wanted = range(today - days + 1, today + 1)
    a_day = int(events / 3 / (days - 1 + now % DAY / DAY))
    database = PostgresDatabase(url)
    await database.open()
    project = (await database.numbers([project_id]))[project_id]
    await database.partitions.make_ahead(now)
    await database.partitions.make(dict.fromkeys(TABLES, wanted))
    await database.close()
    await _prepare(url, a_day)
    work = []
    for day in wanted:
        end = min((day + 1) * DAY, now)
        count = a_day * (end - day * DAY) // DAY
        work += [(day, end, first, count) for first in range(0, count, SLICE)]
    numbered = iter(enumerate(work))
    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(_work(url, numbered, project, DAY // (3 * a_day + 4)))
    async with await AsyncConnection.connect(conninfo(url), autocommit=True) as connection:
        await connection.execute("DROP TABLE filling, filling_minutes")
        await connection.execute("VACUUM ANALYZE")
    return time.perf_counter() - begun


async def _prepare(url: str, a_day: int) -> None:
    async with await AsyncConnection.connect(conninfo(url), autocommit=True) as connection:
        await connection.execute(PREPARE)
        # Room for the order of what was stored before this database counted any transaction.
        await connection.execute("UPDATE event_clock SET base = 1000000000")
        for number, story in enumerate(await stories()):
            task = story.task
            await connection.execute(
                "INSERT INTO filling VALUES (%s, %s, %s, %s, %s, %s, %s::event_kind[], %s)",
                (
                    number,
                    task.state,
                    task.name,
                    task.field("queue"),
                    task.field("worker"),
                    json.dumps(task.to_document()),
                    [event.kind.value for event in story.events],
                    [event.raw.decode() for event in story.events],
                ),
            )
        for name, minute, row in minutes(a_day * MINUTE / DAY):
            await connection.execute(
                "INSERT INTO filling_minutes VALUES (%s, %s, %s)",
                (name, minute, json.dumps(row.to_document())),
            )


async def _work(
    url: str, work: Iterable[tuple[int, tuple[int, int, int, int]]], project: int, step: int
) -> None:
    async with await AsyncConnection.connect(conninfo(url), autocommit=True) as connection:
        for number, (day, end, first, count) in work:
            wanted = {
                "batch": number * SLICE // 5_000,
                "day": str(day),
                "first": first,
                "last": min(first + SLICE, count) - 1,
                "project": project,
                "start": day * DAY,
                "step": step,
                "variants": VARIANTS,
            }
            await connection.execute(EVENTS, wanted)
            await connection.execute(TASKS, wanted)
            await connection.execute(FILINGS, wanted)
            if first == 0:
                await connection.execute(MINUTES, {**wanted, "end": end})
