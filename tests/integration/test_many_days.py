"""Events that happened on more days than one transaction may touch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from taskdeck.adapters.memory.clock import ManualClock
from taskdeck.adapters.memory.metrics import RecordedMetrics
from taskdeck.adapters.memory.notices import RecordedNotices
from taskdeck.adapters.postgres.database import PostgresDatabase
from taskdeck.adapters.postgres.event_store import PostgresEventStore
from taskdeck.adapters.postgres.journal import PostgresJournal
from taskdeck.adapters.postgres.partitions import MOST_DAYS
from taskdeck.adapters.postgres.projection_store import PostgresProjectionStore
from taskdeck.domain.batching import Batch
from taskdeck.domain.errors import BatchTooWide
from taskdeck.domain.events import Event
from taskdeck.domain.instants import DAY
from taskdeck.domain.services.patient_store import PatientStore
from taskdeck.domain.services.replay import replay

from ..builders import NOW, PROJECT, event
from ..postgres_server import PATIENT, own_server

CLOCK = ManualClock(NOW)
FEW_LOCKS = {
    "max_connections": "10",
    "max_locks_per_transaction": "32",
    "autovacuum_worker_slots": "1",
    "max_worker_processes": "2",
    "max_wal_senders": "0",
}
"""About 600 in all: as short for 90 days as the default of 6 400 is for a thousand."""


def one_a_day(days: int) -> Sequence[Event]:
    """As an agent may bring them whose clock was wrong."""
    past = (event("task.started", f"t{ago}", at=NOW - ago * DAY) for ago in range(days))
    return [replace(each, received_at=NOW) for each in past]


async def opened(url: str) -> PostgresDatabase:
    database = PostgresDatabase(url, timeouts=PATIENT, statistics_days=3_650)
    await database.open()
    await database.partitions.make_ahead(NOW)
    return database


@pytest.fixture
def url_with_few_locks() -> Iterator[str]:
    with own_server(**FEW_LOCKS) as server:
        yield server.url_of(server.create())


@pytest.mark.timeout(180)
async def test_they_are_stored_in_parts_which_need_few_locks(url_with_few_locks: str) -> None:
    events = one_a_day(90)
    database = await opened(url_with_few_locks)
    store, notices = PostgresEventStore(database, CLOCK), RecordedNotices()
    with pytest.raises(BatchTooWide):
        await store.append(Batch(tuple(events)))
    assert await store.count() == 0

    patient = PatientStore(store, CLOCK, notices, RecordedMetrics())
    assert await patient.salvage(Batch(tuple(events))) == 0

    views = PostgresProjectionStore(database, CLOCK)
    assert notices.told == []
    assert await store.count() == 90
    assert len(await views.statistics(PROJECT, since=0, until=NOW + DAY)) == 90
    # With all those days there, who writes is not short of locks either.
    again = await store.append(Batch((*events[1 - MOST_DAYS :], event("task.sent"))))
    assert again.stored == 1
    await database.close()


@pytest.mark.timeout(180)
async def test_a_replay_folds_them_in_parts(postgres_url: str) -> None:
    events = one_a_day(MOST_DAYS + 1)
    database = await opened(postgres_url)
    store, views = PostgresEventStore(database, CLOCK), PostgresProjectionStore(database, CLOCK)
    for each in events:
        await store.append(Batch((each,)))
    log = PostgresJournal(database)
    await replay(events=store, journal=log, views=views, progress=lambda rows: None)
    rows = await views.statistics(PROJECT, since=0, until=NOW + DAY)
    assert len(rows) == MOST_DAYS + 1
    await database.close()
