"""A whole brain in this process, on a free port, with SQLite in a folder of its own."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taskdeck.domain.access import Project
from taskdeck.domain.fleet import WorkerFilter
from taskdeck.domain.projections.workers import Worker
from taskdeck.domain.services.agents import MintedAgent
from taskdeck.entrypoints.container import Container
from taskdeck.entrypoints.server import run
from taskdeck.entrypoints.settings import load_settings
from taskdeck.ports.worker_views import WorkerViews

from ..agent_client import AgentClient, connected


@dataclass
class Brain:
    container: Container
    url: str
    project: Project
    minted: MintedAgent
    said: list[str]
    """What it printed at its start."""

    @property
    def key(self) -> bytes:
        return base64.urlsafe_b64decode(self.minted.hmac_secret)

    def now(self) -> int:
        instant: int = self.container.clock().now()
        return instant

    async def gone(self) -> Sequence[Worker]:
        """The workers that left."""
        views: WorkerViews = self.container.worker_views()
        return (await views.page(self.project.id, WorkerFilter(online=False))).workers

    def connect(self, token: str | None = None) -> Any:
        return connected(self.url, token or self.minted.token, self.key, self.now)

    @asynccontextmanager
    async def agent(
        self, worker_id: str | None = "bare-1-1", **hello: Any
    ) -> AsyncIterator[AgentClient]:
        """A connected agent that was greeted."""
        async with self.connect() as client:
            await client.greet(worker_id, **hello)
            yield client


@asynccontextmanager
async def running_brain(home: Path, *, overrides: Any = None, **flags: Any) -> AsyncIterator[Brain]:
    settings = load_settings({}, **{"home": home, "bind_port": 0, **flags})
    container = Container(settings=settings)
    if overrides is not None:
        overrides(container)
    stop, ready = asyncio.Event(), asyncio.get_running_loop().create_future()
    said: list[str] = []

    def on_ready(line: str) -> None:
        said.append(line)
        if "listens on" in line:
            ready.set_result(line.rpartition(" ")[2])

    async def live() -> None:
        async with AsyncExitStack() as stack:
            await run(container, stack, stop, on_ready)

    task = asyncio.create_task(live())
    try:
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        project = await container.projects().one("default")
        minted = await container.agents().mint(project, "tests", "test")
        yield Brain(container, await ready, project, minted, said)
    finally:
        stop.set()
        await task
