"""What all tests share."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytest_timeout import get_env_settings

from taskdeck.adapters.postgres.database import PostgresDatabase
from taskdeck.adapters.system.clock import SystemClock
from taskdeck.domain.instants import Instant

from .builders import NOW
from .postgres_server import PATIENT, PostgresServer, running_server

settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("laptop", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "laptop")

HERE = Path(__file__).parent
WITH_PROCESSES = ("replicas", "e2e", "integration", "stateful", "contracts", "faults")
"""Folders of tests that start servers, workers and browsers of others, the slowest first."""


def pytest_configure() -> None:
    # A shell starts what runs in the background deaf to it, and so would be all that tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In CI a test with processes may fail once; the summary names each that did (RERUN)."""
    if hasattr(config, "workerinput"):
        # Files are handed out in this order, and the last ones should be short.
        items.sort(key=_place_of)
    if os.environ.get("CI"):
        for item in items:
            if _folder_of(item) in WITH_PROCESSES:
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A second run has its time too: without this, one that hangs would hang for ever."""
    if getattr(item, "execution_count", 1) > 1:
        settings = get_env_settings(item.config)
        own = item.get_closest_marker("timeout")
        if own is not None:
            settings = settings._replace(timeout=own.args[0])
        item.ihook.pytest_timeout_cancel_timer(item=item)
        item.ihook.pytest_timeout_set_timer(item=item, settings=settings)


def _folder_of(item: pytest.Item) -> str:
    return item.path.relative_to(HERE).parts[0]


def _place_of(item: pytest.Item) -> int:
    folder = _folder_of(item)
    return WITH_PROCESSES.index(folder) if folder in WITH_PROCESSES else len(WITH_PROCESSES)


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests say themselves how a brain is configured."""
    for name in list(os.environ):
        if name.startswith("Z4J_") or name == "TASKDECK_API_KEY":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of a migrated database with partitions around `NOW`."""
    with _database(postgres_server, "template0") as name:
        asyncio.run(_migrate(postgres_server.url_of(name), NOW))
        yield name


@pytest.fixture(scope="session")
def template_of_today(postgres_server: PostgresServer) -> Iterator[str]:
    """The same around today: for a new day a brain would make some eighty partitions first."""
    with _database(postgres_server, "template0") as name:
        asyncio.run(_migrate(postgres_server.url_of(name), SystemClock().now()))
        yield name


async def _migrate(url: str, now: Instant) -> None:
    database = PostgresDatabase(url, timeouts=PATIENT)
    await database.open()
    await database.partitions.make_ahead(now)
    await database.close()


@contextmanager
def _database(server: PostgresServer, template: str) -> Iterator[str]:
    name = server.create(template=template)
    yield name
    server.drop(name)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """The URL of a migrated database of this test's own (a quarter of a second)."""
    with _database(postgres_server, postgres_template) as name:
        yield postgres_server.url_of(name)


@pytest.fixture
def brains_postgres_url(postgres_server: PostgresServer, template_of_today: str) -> Iterator[str]:
    """The same for whole brains, which go by the clock of the machine."""
    with _database(postgres_server, template_of_today) as name:
        yield postgres_server.url_of(name)


@pytest.fixture(scope="session")
def shared_postgres(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    with _database(postgres_server, postgres_template) as name:
        yield name


@pytest.fixture
def emptied_postgres_url(postgres_server: PostgresServer, shared_postgres: str) -> str:
    """The URL of a migrated database without rows, for tests that leave the schema as it is."""
    postgres_server.empty(shared_postgres)
    return postgres_server.url_of(shared_postgres)
