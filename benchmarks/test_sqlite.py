"""The price of making events and their views durable in SQLite: one transaction a batch.

    pytest benchmarks/test_sqlite.py --benchmark-only

A round appends one batch of new events to a file that grows with every round; divide its time by
the events of the batch.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from taskdeck.adapters.sqlite.database import SqliteDatabase
from taskdeck.adapters.sqlite.event_store import SqliteEventStore
from taskdeck.domain.batching import Batch

from .histories import events

ROUNDS = 10


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.mark.parametrize("size", [1, 200, 5_000])
def test_append(
    size: int, tmp_path: Path, runner: asyncio.Runner, benchmark: BenchmarkFixture
) -> None:
    database = SqliteDatabase(tmp_path / "taskdeck.db")
    store = SqliteEventStore(database)
    batches = [Batch(tuple(events(size))) for _ in range(ROUNDS)]
    stored: list[int] = []

    def append() -> None:
        appended = runner.run(store.append(batches[len(stored)]))
        stored.append(appended.stored)

    runner.run(database.open())
    try:
        benchmark.extra_info.update(events=size)
        benchmark.pedantic(append, rounds=ROUNDS)  # type: ignore[no-untyped-call]
    finally:
        runner.run(database.close())
    assert stored == [size] * ROUNDS
