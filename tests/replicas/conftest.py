"""Several real brains on one PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ..brain_process import BrainProcess, Credentials, brain_process
from ..resending_agent import ResendingAgent

SECRET = "a secret that all replicas of the tests share"


@dataclass
class Installation:
    """Replicas by name, each a process of its own."""

    database_url: str
    folder: Path
    stack: AsyncExitStack
    look_url: str | None = None
    """How the tests themselves reach the database; default: as the replicas do."""
    brains: dict[str, BrainProcess] = field(default_factory=dict)
    credentials: Credentials | None = None

    async def start(self, name: str, **options: Any) -> BrainProcess:
        brain = await self.stack.enter_async_context(
            brain_process(
                self.folder / name,
                Z4J_DATABASE_URL=self.database_url,
                Z4J_SECRET=SECRET,
                Z4J_HEARTBEAT_SECONDS="1",
                **options,
            )
        )
        self.brains[name] = brain
        if self.credentials is None:
            self.credentials = await brain.mint()
        return brain

    @asynccontextmanager
    async def agent(self, worker_id: str, *places: str) -> AsyncIterator[ResendingAgent]:
        """A worker that connects to these replicas in turn."""
        if self.credentials is None:
            raise RuntimeError("start a replica first")
        urls = [self.brains[place].url for place in places]
        async with ResendingAgent(self.credentials, urls, worker_id).running() as agent:
            await agent.until(lambda: agent.client is not None)
            yield agent

    async def fetch(self, statement: str) -> list[Any]:
        """The rows of a statement on the database itself."""
        async with await psycopg.AsyncConnection.connect(
            self.look_url or self.database_url, autocommit=True
        ) as connection:
            cursor = await connection.execute(statement.encode())
            return await cursor.fetchall() if cursor.description else []

    async def stored(self) -> tuple[int, int]:
        """Events in the log, and how many of them are distinct."""
        ((events, distinct),) = await self.fetch(
            "SELECT count(*), count(DISTINCT (project, id)) FROM events "
            "WHERE kind IS NOT NULL AND kind <> 'queue.depth_report'"
        )
        return events, distinct


@pytest.fixture
async def installation(brains_postgres_url: str, tmp_path: Path) -> AsyncIterator[Installation]:
    async with AsyncExitStack() as stack:
        yield Installation(brains_postgres_url, tmp_path, stack)
