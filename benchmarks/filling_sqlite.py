"""A SQLite file with millions of events and their tasks."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from taskdeck.adapters.sqlite.database import SqliteDatabase
from taskdeck.domain.ids import ProjectId
from taskdeck.domain.instants import DAY, MINUTE

from .stories import VARIANTS, Story, minutes, stories

EVENT = """
INSERT INTO events (project, id, kind, engine, task_id, occurred_at, received_at, data)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
TASK = """
INSERT INTO tasks (project, engine, task_id, state, name, queue, worker, last_event_at, document)
VALUES (?, 'celery', ?, ?, ?, ?, ?, ?, ?)
"""
MINUTE_ROW = """
INSERT INTO statistics (project, minute, engine, name, document) VALUES (?, ?, 'celery', ?, ?)
"""


async def fill_file(home: Path, project_id: ProjectId, events: int, days: int) -> float:
    """Store so many events and a third as many tasks, evenly over the last days until now;
    returns seconds."""
    begun, now = time.perf_counter(), time.time_ns() // 1_000
    database = SqliteDatabase(home / "taskdeck.db")
    await database.open()
    async with database.transaction() as transaction:
        project = (await transaction.numbers([project_id]))[project_id]
    await database.close()
    told = await stories()
    tasks, start = events // 3, now - days * DAY
    step = days * DAY // (events + 3)
    with sqlite3.connect(database.path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executemany(EVENT, _events(told, project, tasks, start, step))
        connection.executemany(TASK, _tasks(told, project, tasks, start, step))
        connection.executemany(MINUTE_ROW, _minutes(project, tasks / days, start, now))
        connection.execute("ANALYZE")
    connection.close()
    return time.perf_counter() - begun


def _events(
    told: list[Story], project: int, tasks: int, start: int, step: int
) -> Iterator[tuple[object, ...]]:
    for number in range(tasks):
        for k, event in enumerate(told[number % VARIANTS].events):
            at = start + (3 * number + k) * step
            yield (
                project, os.urandom(16), event.kind, "celery", f"{number:032x}", at, at,
                event.raw.decode(),
            )  # fmt: skip


def _tasks(
    told: list[Story], project: int, tasks: int, start: int, step: int
) -> Iterator[tuple[object, ...]]:
    rows = [
        (task.state, task.name, task.field("queue"), task.field("worker"),
         json.dumps(task.to_document()))
        for task in (story.task for story in told)
    ]  # fmt: skip
    for number in range(tasks):
        state, name, queue, worker, document = rows[number % VARIANTS]
        at = start + (3 * number + 2) * step
        yield project, f"{number:032x}", state, name, queue, worker, at, document


def _minutes(project: int, a_day: float, start: int, now: int) -> Iterator[tuple[object, ...]]:
    rows = [
        (name, minute, json.dumps(row.to_document()))
        for name, minute, row in minutes(a_day * MINUTE / DAY)
    ]
    for hour in range(start - start % MINUTE, now, 60 * MINUTE):
        for name, minute, document in rows:
            if (at := hour + minute * MINUTE) < now:
                yield project, at, name, document
