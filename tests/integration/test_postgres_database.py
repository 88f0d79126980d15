"""The schema, the partitions and the failures of a PostgreSQL database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from taskdeck.adapters.memory.clock import ManualClock
from taskdeck.adapters.postgres.database import PoolSizes, PostgresDatabase, Timeouts, conninfo
from taskdeck.adapters.postgres.event_store import PostgresEventStore
from taskdeck.adapters.postgres.journal import PostgresJournal
from taskdeck.adapters.postgres.projection_store import PostgresProjectionStore
from taskdeck.domain.batching import Batch
from taskdeck.domain.errors import (
    ConfigurationError,
    StoreRejected,
    StoreUnavailable,
    VersionConflict,
)
from taskdeck.domain.events import EventKind
from taskdeck.domain.instants import DAY, MINUTE, minute_of
from taskdeck.domain.journal import GENESIS, chain
from taskdeck.domain.queries import EventFilter
from taskdeck.domain.search import filtered

from ..builders import NOW, PROJECT, entry, event, run_of, write
from ..postgres_server import PATIENT, PostgresServer

CLOCK = ManualClock(NOW)


@asynccontextmanager
async def opened(url: str, **changes: Any) -> AsyncIterator[PostgresDatabase]:
    database = PostgresDatabase(url, **{"timeouts": PATIENT, **changes})
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def rows_of(url: str, statement: str) -> Sequence[Any]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute(statement.encode())
        return await cursor.fetchall() if cursor.description else []


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    async with opened(postgres_url) as database:
        yield database


async def test_several_replicas_may_migrate_a_new_database_at_once(
    postgres_server: PostgresServer,
) -> None:
    name = postgres_server.create()
    url = postgres_server.url_of(name)
    databases = [PostgresDatabase(url, timeouts=PATIENT) for _ in range(4)]
    try:
        await asyncio.gather(*(each.open() for each in databases))
        versions = await rows_of(url, "SELECT version FROM schema_versions ORDER BY version")
        assert [version for (version,) in versions] == list(range(1, len(versions) + 1))
    finally:
        await asyncio.gather(*(each.close() for each in databases))
        postgres_server.drop(name)


async def test_what_was_opened_is_closed_if_the_rest_cannot_be(postgres_url: str) -> None:
    database = PostgresDatabase(postgres_url, read_url="postgresql://postgres@127.0.0.1:1/none")
    with pytest.raises(StoreUnavailable):
        await database.open()
    assert [load.open for load in database.loads().values()] == [0, 0, 0]


async def test_a_newer_schema_is_refused(postgres_url: str) -> None:
    await rows_of(postgres_url, "INSERT INTO schema_versions VALUES (9999)")
    with pytest.raises(ConfigurationError, match="schema 9999"):
        await PostgresDatabase(postgres_url).open()


async def test_a_server_that_is_away_is_unavailable() -> None:
    with pytest.raises(StoreUnavailable):
        await PostgresDatabase("postgresql://postgres@127.0.0.1:1/none").open()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_urls_as_operators_write_them(scheme: str) -> None:
    read = conninfo(f"{scheme}://u:p@h:6000/d?connect_timeout=3")
    assert "host=h port=6000 dbname=d" in read.replace("'", "") or "dbname=d" in read
    assert "connect_timeout=3" in read


def test_nonsense_is_no_url() -> None:
    with pytest.raises(ConfigurationError):
        conninfo("postgresql://h/d?no_such_option=1")


async def test_the_database_knows_every_kind_of_event(postgres_url: str) -> None:
    kinds = await rows_of(postgres_url, "SELECT unnest(enum_range(NULL::event_kind))::text")
    assert [kind for (kind,) in kinds] == [kind.value for kind in EventKind]


async def test_partitions_are_made_once_by_replicas_at_the_same_moment(postgres_url: str) -> None:
    async with opened(postgres_url) as first, opened(postgres_url) as second:
        far = NOW + 100 * DAY
        stores = [
            PostgresEventStore(first, CLOCK),
            PostgresEventStore(second, CLOCK),
        ]
        await asyncio.gather(
            first.partitions.make_ahead(far),
            second.partitions.make_ahead(far),
            *(
                store.append(Batch((event("task.started", f"t{n}", at=far + 10 * DAY),)))
                for n, store in enumerate(stores)
            ),
        )
        assert await stores[0].count() == 2
    names = await rows_of(
        postgres_url,
        "SELECT relname FROM pg_class WHERE relname ~ '^events_2026(12|1230)|^events_2027' "
        "AND relkind = 'r' ORDER BY 1",
    )
    assert len(names) == len(set(names)) == 10


async def test_what_arrives_while_its_partition_goes_away_finds_another_home(
    database: PostgresDatabase, postgres_url: str
) -> None:
    store = PostgresEventStore(database, CLOCK)
    yesterday = event("task.started", at=NOW - DAY)
    await store.append(Batch((replace(yesterday, received_at=NOW),)))
    (name,) = (await rows_of(postgres_url, "SELECT min(tableoid::regclass::text) FROM events"))[0]
    await rows_of(postgres_url, f"ALTER TABLE events DETACH PARTITION {name} CONCURRENTLY")
    again = await store.append(Batch((replace(yesterday, received_at=NOW + DAY),)))
    assert again.duplicates == 1
    assert await store.count() == 1


async def test_names_with_control_characters_are_kept(database: PostgresDatabase) -> None:
    store, views = (
        PostgresEventStore(database, CLOCK),
        PostgresProjectionStore(database, CLOCK),
    )
    names = ["a", "a\1b", "a\1\1b", "a\1\2b"]
    for name in names:
        await store.append(Batch(tuple(run_of(name, task_name=name, queue=name))))
    assert [queue.key.queue for queue in await views.queues(PROJECT)] == sorted(names)
    rows = await views.statistics(PROJECT, since=minute_of(NOW), until=NOW + MINUTE)
    assert [row.key.name for row in rows] == sorted(names)
    for name in names:
        (task,) = (await views.tasks(PROJECT, filtered(name=name))).tasks
        assert (task.name, task.key.task_id) == (name, name)
        page = await store.read(PROJECT, EventFilter(engine="huey", task_id=name))
        assert len(page.events) == 3
    assert len((await views.tasks(PROJECT, filtered(name="a\1\2*"))).tasks) == 1


@pytest.mark.parametrize("count", [1, 400])
async def test_text_that_is_no_text_is_rejected_and_leaves_nothing(
    database: PostgresDatabase, count: int
) -> None:
    store = PostgresEventStore(database, CLOCK)
    good = [event("task.started", f"t{number}") for number in range(count)]
    with pytest.raises(StoreRejected):
        await store.append(Batch((*good, event("task.started", "\ud800"))))
    assert await store.count() == 0
    assert (await store.append(Batch(tuple(good)))).stored == count


async def test_a_cut_connection_is_unavailable_and_replaced(
    database: PostgresDatabase, postgres_url: str
) -> None:
    store, journal = PostgresEventStore(database, CLOCK), PostgresJournal(database)
    fact = event("task.started")
    async with database.ingest.transaction() as transaction:
        await transaction.value("SELECT 1")
    await rows_of(
        postgres_url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    with pytest.raises(StoreUnavailable):
        await store.append(Batch((fact,)))
    assert (await store.append(Batch((fact,)))).stored == 1
    # Who decides need not try again: these connections are looked at first.
    await journal.append(write("note:1", 0, entry("note.made")))


@pytest.mark.parametrize("pipelined", [True, False])
async def test_a_statement_ends_in_time(postgres_url: str, *, pipelined: bool) -> None:
    async with opened(postgres_url, timeouts=Timeouts(statement=50)) as database:
        with pytest.raises(StoreUnavailable):
            async with database.ingest.transaction(pipelined=pipelined) as transaction:
                await transaction.fetch("SELECT pg_sleep(30)")
        with pytest.raises(StoreUnavailable):
            async with database.ingest.transaction(pipelined=pipelined) as transaction:
                await transaction.execute("SELECT pg_sleep(30)")


async def test_a_cancelled_append_stores_nothing_and_harms_nobody(
    database: PostgresDatabase, postgres_url: str
) -> None:
    store = PostgresEventStore(database, CLOCK)
    batch = Batch(tuple(run_of("t1")))
    await store.append(Batch((event("task.started", "t1", at=NOW - 1),)))
    async with database.decisions.transaction() as holder:
        await holder.fetch("SELECT * FROM tasks FOR UPDATE")
        appending = asyncio.create_task(store.append(batch))
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while (await rows_of(postgres_url, waiting))[0][0] == 0:
            await asyncio.sleep(0)
        appending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await appending
    assert await store.count() == 1
    assert (await store.append(batch)).stored == 3


async def test_cancelling_counts_at_the_moment_of_a_connection_too(postgres_url: str) -> None:
    async with opened(postgres_url, sizes=PoolSizes(decisions=1)) as database:

        async def use() -> None:
            async with database.decisions.transaction():
                pass

        async with database.decisions.transaction():
            waiting = asyncio.create_task(use())
            while not database.decisions.load().waiting:
                await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        assert waiting.cancelled()
        await use()


async def test_no_setting_outlives_its_transaction(postgres_url: str) -> None:
    """Behind PgBouncer the next transaction may be somebody else's."""
    async with opened(postgres_url, direct=False, timeouts=Timeouts()) as database:
        async with database.reads.transaction() as transaction:
            assert await transaction.value("SHOW statement_timeout") == "10s"
            await transaction.execute("COMMIT")
            assert await transaction.value("SHOW statement_timeout") == "0"


@pytest.mark.parametrize("direct", [True, False])
async def test_every_pool_has_its_timeouts(postgres_url: str, direct: bool) -> None:
    url = f"{postgres_url}?options=-c%20work_mem%3D7MB"
    async with opened(url, direct=direct, timeouts=Timeouts(statement=1_234)) as database:
        for pool in (database.ingest, database.decisions, database.reads):
            async with pool.transaction() as transaction:
                shown = [
                    await transaction.value(f"SHOW {name}")
                    for name in (
                        "statement_timeout",
                        "lock_timeout",
                        "idle_in_transaction_session_timeout",
                        "work_mem",
                    )
                ]
            assert shown == ["1234ms", "5s", "15s", "7MB"]


async def test_replicas_write_one_chain(postgres_url: str) -> None:
    async def record(journal: PostgresJournal, by: int) -> int:
        won = 0
        for number in range(10):
            try:
                await journal.append(
                    write(f"note:{number}", 0, entry("note.made", by=by)),
                    write(f"own:{by}-{number}", 0, entry("note.made")),
                )
                won += 1
            except VersionConflict:
                pass
        return won

    async with opened(postgres_url) as first, opened(postgres_url) as second:
        journals = [PostgresJournal(each) for each in (first, second, first)]
        won = await asyncio.gather(*(record(each, by) for by, each in enumerate(journals)))
        assert sum(won) == 10
        entries = await journals[1].follow(None)
        assert [int(each.cursor) for each in entries] == list(range(1, 21))
        before = GENESIS
        for each in entries:
            assert each.hash == chain(before, each.stream, each.version, each.entry)
            before = each.hash
