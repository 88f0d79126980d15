"""One store an adapter, for the suites that every adapter must pass.

A new adapter joins by one more function in `ADAPTERS`; its suite is then its definition of done.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from taskdeck.adapters.memory.bookmarks import MemoryBookmarks
from taskdeck.adapters.memory.bulk_views import MemoryBulkViews
from taskdeck.adapters.memory.clock import ManualClock
from taskdeck.adapters.memory.credentials import MemoryCredentials
from taskdeck.adapters.memory.directory import MemoryDirectory
from taskdeck.adapters.memory.event_store import MemoryEventStore
from taskdeck.adapters.memory.failure_views import MemoryFailureViews
from taskdeck.adapters.memory.journal import MemoryJournal
from taskdeck.adapters.memory.login_store import MemoryLoginStore
from taskdeck.adapters.memory.projection_store import MemoryProjectionStore
from taskdeck.adapters.memory.state import MemoryState
from taskdeck.adapters.memory.task_selection import MemoryTaskSelection
from taskdeck.adapters.memory.upkeep import MemoryUpkeep
from taskdeck.adapters.memory.worker_views import MemoryWorkerViews
from taskdeck.adapters.postgres.bookmarks import PostgresBookmarks
from taskdeck.adapters.postgres.bulk_views import PostgresBulkViews
from taskdeck.adapters.postgres.credentials import PostgresCredentials
from taskdeck.adapters.postgres.database import PostgresDatabase, conninfo
from taskdeck.adapters.postgres.directory import PostgresDirectory
from taskdeck.adapters.postgres.event_store import PostgresEventStore
from taskdeck.adapters.postgres.failure_views import PostgresFailureViews
from taskdeck.adapters.postgres.journal import PostgresJournal
from taskdeck.adapters.postgres.login_store import PostgresLoginStore
from taskdeck.adapters.postgres.projection_store import PostgresProjectionStore
from taskdeck.adapters.postgres.task_selection import PostgresTaskSelection
from taskdeck.adapters.postgres.upkeep import PostgresUpkeep
from taskdeck.adapters.postgres.worker_views import PostgresWorkerViews
from taskdeck.adapters.sqlite.bookmarks import SqliteBookmarks
from taskdeck.adapters.sqlite.bulk_views import SqliteBulkViews
from taskdeck.adapters.sqlite.credentials import SqliteCredentials
from taskdeck.adapters.sqlite.database import SqliteDatabase
from taskdeck.adapters.sqlite.directory import SqliteDirectory
from taskdeck.adapters.sqlite.event_store import SqliteEventStore
from taskdeck.adapters.sqlite.failure_views import SqliteFailureViews
from taskdeck.adapters.sqlite.journal import SqliteJournal
from taskdeck.adapters.sqlite.login_store import SqliteLoginStore
from taskdeck.adapters.sqlite.projection_store import SqliteProjectionStore
from taskdeck.adapters.sqlite.task_selection import SqliteTaskSelection
from taskdeck.adapters.sqlite.upkeep import SqliteUpkeep
from taskdeck.adapters.sqlite.worker_views import SqliteWorkerViews
from taskdeck.domain.retention import RetentionDays
from taskdeck.ports.bookmarks import BookmarkStore
from taskdeck.ports.bulk_views import BulkViews
from taskdeck.ports.credentials import Credentials
from taskdeck.ports.directory import Directory
from taskdeck.ports.event_store import EventStore
from taskdeck.ports.failure_views import FailureViews
from taskdeck.ports.journal import Journal
from taskdeck.ports.login_store import LoginStore
from taskdeck.ports.projection_store import ProjectionStore
from taskdeck.ports.task_selection import TaskSelection
from taskdeck.ports.upkeep import Upkeep
from taskdeck.ports.worker_views import WorkerViews

from ..builders import NOW
from ..postgres_server import PATIENT

KEPT = RetentionDays(events=10, tasks=10, commands=10, statistics=20)


@dataclass(frozen=True)
class Stores:
    """All ports of one database."""

    events: EventStore
    journal: Journal
    views: ProjectionStore
    directory: Directory
    upkeep: Upkeep
    credentials: Credentials
    logins: LoginStore
    bookmarks: BookmarkStore
    bulks: BulkViews
    selection: TaskSelection
    failures: FailureViews
    workers: WorkerViews


@asynccontextmanager
async def memory(_: object) -> AsyncIterator[Stores]:
    state = MemoryState()
    yield Stores(
        MemoryEventStore(state),
        MemoryJournal(state),
        MemoryProjectionStore(state),
        MemoryDirectory(state),
        MemoryUpkeep(state, KEPT),
        MemoryCredentials(),
        MemoryLoginStore(),
        MemoryBookmarks(),
        MemoryBulkViews(state),
        MemoryTaskSelection(state),
        MemoryFailureViews(state),
        MemoryWorkerViews(state),
    )


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[Stores]:
    database = SqliteDatabase(folder / "taskdeck.db")
    await database.open()
    try:
        yield Stores(
            SqliteEventStore(database),
            SqliteJournal(database),
            SqliteProjectionStore(database),
            SqliteDirectory(database),
            SqliteUpkeep(database, KEPT),
            SqliteCredentials(database),
            SqliteLoginStore(database),
            SqliteBookmarks(database),
            SqliteBulkViews(database),
            SqliteTaskSelection(database),
            SqliteFailureViews(database),
            SqliteWorkerViews(database),
        )
    finally:
        await database.close()


@asynccontextmanager
async def postgres(url: str) -> AsyncIterator[Stores]:
    database = PostgresDatabase(url, timeouts=PATIENT)
    await database.open()
    try:
        yield Stores(
            PostgresEventStore(database, ManualClock(NOW)),
            PostgresJournal(database),
            PostgresProjectionStore(database, ManualClock(NOW)),
            PostgresDirectory(database),
            PostgresUpkeep(database, conninfo(url), KEPT),
            PostgresCredentials(database),
            PostgresLoginStore(database),
            PostgresBookmarks(database),
            PostgresBulkViews(database),
            PostgresTaskSelection(database),
            PostgresFailureViews(database),
            PostgresWorkerViews(database),
        )
    finally:
        await database.close()


Opener: TypeAlias = Callable[[Any], AbstractAsyncContextManager[Stores]]
ADAPTERS: Mapping[str, tuple[Opener, str]] = {
    "memory": (memory, "tmp_path"),
    "sqlite": (sqlite, "tmp_path"),
    "postgres": (postgres, "emptied_postgres_url"),
}
"""How to open each, and the fixture that says where."""


@pytest.fixture(params=list(ADAPTERS))
def closed_stores(request: pytest.FixtureRequest) -> AbstractAsyncContextManager[Stores]:
    opener, place = ADAPTERS[request.param]
    return opener(request.getfixturevalue(place))


@pytest.fixture
async def stores(closed_stores: AbstractAsyncContextManager[Stores]) -> AsyncIterator[Stores]:
    async with closed_stores as opened:
        yield opened
