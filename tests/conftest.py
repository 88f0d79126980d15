"""What all tests share."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from taskdeck.adapters.postgres.database import PostgresDatabase

from .builders import NOW
from .postgres_server import PostgresServer, running_server

settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("laptop", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "laptop")

WITH_PROCESSES = {"contracts", "e2e", "faults", "integration", "replicas", "stateful"}
"""Folders of tests that start servers, workers and browsers of others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In CI a test with processes may fail once; the summary names each that did (RERUN)."""
    if not os.environ.get("CI"):
        return
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in WITH_PROCESSES:
            item.add_marker(pytest.mark.flaky(reruns=1))


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

    async def migrate(url: str) -> None:
        database = PostgresDatabase(url)
        await database.open()
        await database.partitions.make_ahead(NOW)
        await database.close()

    name = postgres_server.create()
    asyncio.run(migrate(postgres_server.url_of(name)))
    yield name
    postgres_server.drop(name)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """The URL of a migrated database of this test's own (a quarter of a second)."""
    name = postgres_server.create(template=postgres_template)
    yield postgres_server.url_of(name)
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def shared_postgres(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    name = postgres_server.create(template=postgres_template)
    yield name
    postgres_server.drop(name)


@pytest.fixture
def emptied_postgres_url(postgres_server: PostgresServer, shared_postgres: str) -> str:
    """The URL of a migrated database without rows, for tests that leave the schema as it is."""
    postgres_server.empty(shared_postgres)
    return postgres_server.url_of(shared_postgres)
