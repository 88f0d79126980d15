"""How many rows of events a second PostgreSQL takes by COPY alone: what the brain is measured against."""

from __future__ import annotations

import time
import uuid

from psycopg import AsyncConnection

from taskdeck.adapters.postgres.database import conninfo

from .histories import events

ROWS = 60_000
BATCH = 5_000


async def raw_copy(url: str) -> float:
    """Rows a second over one connection, into a table like a partition of events, each batch durable."""
    rows = [
        (each.occurred_at, each.received_at, uuid.UUID(bytes=each.id), each.kind.value,
         each.engine, each.task_id, each.raw.decode())
        for each in events(ROWS)
    ]  # fmt: skip
    async with await AsyncConnection.connect(conninfo(url), autocommit=True) as connection:
        await connection.execute("DROP TABLE IF EXISTS raw_copy")
        await connection.execute(
            "CREATE TABLE raw_copy (occurred_at bigint, received_at bigint, id uuid PRIMARY KEY, "
            'kind text, engine text, task_id text COLLATE "C", data text COLLATE "C")'
        )
        await connection.execute("CREATE INDEX ON raw_copy (task_id)")
        begun = time.perf_counter()
        for start in range(0, ROWS, BATCH):
            async with (
                connection.cursor() as cursor,
                cursor.copy("COPY raw_copy FROM STDIN") as copy,
            ):
                for row in rows[start : start + BATCH]:
                    await copy.write_row(row)
        seconds = time.perf_counter() - begun
        await connection.execute("DROP TABLE raw_copy")
    return ROWS / seconds
