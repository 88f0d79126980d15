"""Composition of what is kept in the database."""

from __future__ import annotations

from dependency_injector import containers, providers

from ...adapters.postgres.bookmarks import PostgresBookmarks
from ...adapters.postgres.credentials import PostgresCredentials
from ...adapters.postgres.directory import PostgresDirectory
from ...adapters.postgres.event_store import PostgresEventStore
from ...adapters.postgres.failure_views import PostgresFailureViews
from ...adapters.postgres.journal import PostgresJournal
from ...adapters.postgres.login_store import PostgresLoginStore
from ...adapters.postgres.projection_store import PostgresProjectionStore
from ...adapters.postgres.task_selection import PostgresTaskSelection
from ...adapters.postgres.worker_views import PostgresWorkerViews
from ...adapters.sqlite.bookmarks import SqliteBookmarks
from ...adapters.sqlite.credentials import SqliteCredentials
from ...adapters.sqlite.database import SqliteDatabase
from ...adapters.sqlite.diagnosis import SqliteDiagnosis
from ...adapters.sqlite.directory import SqliteDirectory
from ...adapters.sqlite.event_store import SqliteEventStore
from ...adapters.sqlite.failure_views import SqliteFailureViews
from ...adapters.sqlite.journal import SqliteJournal
from ...adapters.sqlite.login_store import SqliteLoginStore
from ...adapters.sqlite.projection_store import SqliteProjectionStore
from ...adapters.sqlite.task_selection import SqliteTaskSelection
from ...adapters.sqlite.upkeep import SqliteUpkeep
from ...adapters.sqlite.worker_views import SqliteWorkerViews
from ...ports.clock import Clock
from ..settings import Settings
from . import factories


class StoresContainer(containers.DeclarativeContainer):
    """A part of `Container`, which says which database it is."""

    settings = providers.Dependency(instance_of=Settings)
    kind = providers.Dependency(instance_of=str)
    clock: providers.Dependency[Clock] = providers.Dependency()

    database = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteDatabase, path=settings.provided.database_path),
        postgres=providers.Singleton(factories.postgres, settings),
    )
    event_store = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteEventStore, database),
        postgres=providers.Singleton(PostgresEventStore, database, clock),
    )
    journal = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteJournal, database),
        postgres=providers.Singleton(PostgresJournal, database),
    )
    views = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteProjectionStore, database),
        postgres=providers.Singleton(PostgresProjectionStore, database, clock),
    )
    selection = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteTaskSelection, database),
        postgres=providers.Singleton(PostgresTaskSelection, database),
    )
    worker_views = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteWorkerViews, database),
        postgres=providers.Singleton(PostgresWorkerViews, database),
    )
    failure_views = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteFailureViews, database),
        postgres=providers.Singleton(PostgresFailureViews, database),
    )
    directory = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteDirectory, database),
        postgres=providers.Singleton(PostgresDirectory, database),
    )
    days = providers.Callable(factories.retention_days, settings)
    upkeep = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteUpkeep, database, days),
        postgres=providers.Singleton(factories.postgres_upkeep, settings, database),
    )
    diagnosis = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteDiagnosis, path=settings.provided.database_path),
        postgres=providers.Singleton(factories.postgres_diagnosis, settings),
    )
    credentials = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteCredentials, database),
        postgres=providers.Singleton(PostgresCredentials, database),
    )
    login_store = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteLoginStore, database),
        postgres=providers.Singleton(PostgresLoginStore, database),
    )
    bookmarks = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteBookmarks, database),
        postgres=providers.Singleton(PostgresBookmarks, database),
    )
