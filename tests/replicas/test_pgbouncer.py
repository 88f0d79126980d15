"""Replicas behind PgBouncer in transaction mode, as docs/scaling.md describes it."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from taskdeck.adapters.postgres.channels import hears_others

from ..integration.waiting import eventually
from .conftest import Installation
from .proxies import free_port, program
from .test_crossing import ended, order

pytestmark = pytest.mark.timeout(240)
CONFIGURATION = """
[databases]
* = user=postgres host={server.hostname} port={server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 10
"""


@pytest.fixture
def pooled_url(brains_postgres_url: str, tmp_path: Path) -> Iterator[str]:
    """The test's database, through PgBouncer."""
    installed, port, server = program("pgbouncer"), free_port(), urlsplit(brains_postgres_url)
    config = tmp_path / "pgbouncer.ini"
    config.write_text(CONFIGURATION.format(server=server, port=port))
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with (tmp_path / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen([installed, *user, config], stdout=log, stderr=log)
    try:
        url = urlunsplit(server._replace(netloc=f"postgres@127.0.0.1:{port}"))
        asyncio.run(eventually(lambda: answers(url)))
        yield url
    finally:
        process.terminate()
        process.wait(20)


async def answers(url: str) -> bool:
    try:
        async with await psycopg.AsyncConnection.connect(url):
            return True
    except psycopg.OperationalError:
        return False


@pytest.mark.parametrize("listens", [True, False], ids=["a direct URL to listen", "deaf"])
async def test_commands_cross_and_events_are_stored_once(
    pooled_url: str, brains_postgres_url: str, tmp_path: Path, listens: bool
) -> None:
    variables = {"Z4J_DATABASE_POOLED": "yes"}
    if listens:
        variables = {"Z4J_DATABASE_LISTEN_URL": brains_postgres_url}
    async with AsyncExitStack() as stack:
        installation = Installation(pooled_url, tmp_path, stack)
        here = await installation.start("a", **variables)
        await installation.start("b", **variables)
        async with installation.agent("w1", "b") as agent:
            assert (await ended(here, await order(here)))["status"] == "succeeded"
            await agent.progress(20)
            await agent.finish()
        assert await installation.stored() == (3 * len(agent.acked), 3 * len(agent.acked))

        async def warned() -> bool:
            return "listener.deaf" in here.log.read_text()

        if listens:
            assert not await warned()
        else:
            await eventually(warned)


async def test_whether_notifications_pass_is_not_judged_by_ones_own(
    pooled_url: str, brains_postgres_url: str
) -> None:
    assert await hears_others(brains_postgres_url)
    assert not await hears_others(pooled_url)
