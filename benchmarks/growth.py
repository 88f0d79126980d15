"""Does it stay quick? `python -m benchmarks.growth --database-url postgresql://… --events 10000000`.

Fills an empty PostgreSQL database, then prints the bytes an event takes and how long the usual queries
take. `python -m benchmarks.load --database-url …` on the same database tells the ingest rate.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from psycopg import AsyncConnection

from taskdeck.adapters.postgres.clock import DatabaseClock
from taskdeck.adapters.postgres.database import PostgresDatabase, conninfo
from taskdeck.adapters.postgres.event_store import PostgresEventStore
from taskdeck.adapters.postgres.projection_store import PostgresProjectionStore
from taskdeck.domain.ids import ProjectId
from taskdeck.domain.instants import DAY
from taskdeck.domain.paging import encode_cursor
from taskdeck.domain.projections.tasks import TaskState
from taskdeck.domain.queries import EventFilter
from taskdeck.domain.search import Query, filtered
from taskdeck.domain.services.keyring import Keyring

from .brains import SECRET
from .filling import fill
from .stories import BUSIEST

RUNS = 40
SIZES = """
SELECT count_of.relname, sum(pg_table_size(i.inhrelid)), sum(pg_indexes_size(i.inhrelid))
  FROM pg_inherits AS i JOIN pg_class AS count_of ON count_of.oid = i.inhparent
 WHERE count_of.relname IN ('events', 'tasks') GROUP BY 1
"""


async def sizes(url: str, events: int) -> None:
    async with await AsyncConnection.connect(conninfo(url)) as connection:
        (data,) = await (
            await connection.execute(
                "SELECT avg(length(data) + length(task_id)) FROM events TABLESAMPLE SYSTEM (0.1)"
            )
        ).fetchone() or (0,)
        for name, table, index in await (await connection.execute(SIZES)).fetchall():
            rows = events if name == "events" else events // 3
            print(
                f"{name}: {(table + index) / rows:,.0f} bytes a row, {index / rows:,.0f} of them "
                "indexes" + (f", {data:,.0f} what the agent sent" if name == "events" else "")
            )


async def queries(url: str, project: ProjectId) -> None:
    database = PostgresDatabase(url)
    await database.open()
    clock = DatabaseClock()
    views, log = PostgresProjectionStore(database, clock), PostgresEventStore(database, clock)
    newest = await views.tasks(project, Query(), limit=1)
    task = newest.tasks[0]
    now = clock.now()
    deep = encode_cursor(task.last_event_at - DAY, "", "")
    failed = frozenset({TaskState.FAILED})
    usual: dict[str, Callable[[], Awaitable[Any]]] = {
        "newest tasks": lambda: views.tasks(project, Query()),
        "tasks a day back": lambda: views.tasks(project, Query(), cursor=deep),
        "failed tasks of a name": lambda: views.tasks(
            project, filtered(states=failed, name=BUSIEST)
        ),
        "one task": lambda: views.task(project, "celery", task.key.task_id),
        "events of one task": lambda: log.read(
            project, EventFilter(engine="celery", task_id=task.key.task_id)
        ),
        "newest events": lambda: log.read(project, EventFilter(), newest_first=True),
        "running tasks": lambda: views.running(project),
        "statistics of an hour": lambda: views.statistics(
            project, since=now - DAY - DAY // 24, until=now - DAY
        ),
        "statistics of 24 hours": lambda: views.statistics(
            project, since=now - 2 * DAY, until=now - DAY
        ),
    }
    for name, ask in usual.items():
        seconds = []
        for _ in range(RUNS):
            begun = time.perf_counter()
            await ask()
            seconds.append(time.perf_counter() - begun)
        seconds.sort()
        print(
            f"{name:>24}: p50 {seconds[RUNS // 2] * 1e3:7.1f} ms, "
            f"p95 {seconds[int(RUNS * 0.95)] * 1e3:7.1f} ms"
        )
    await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", required=True)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=28, help="over which they are spread")
    parser.add_argument("--filled", action="store_true", help="measure only, it is filled already")
    arguments = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("repeat with: python -m benchmarks.growth", *sys.argv[1:])
    # The project that `benchmarks.load` uses, so that both see one.
    project = ProjectId(Keyring(SECRET.encode()).id_of("project default"))
    if not arguments.filled:
        seconds = asyncio.run(
            fill(arguments.database_url, project, arguments.events, arguments.days)
        )
        print(f"filled in {seconds:,.0f} s: {arguments.events / seconds:,.0f} events/s")
    asyncio.run(sizes(arguments.database_url, arguments.events))
    asyncio.run(queries(arguments.database_url, project))


if __name__ == "__main__":
    main()
