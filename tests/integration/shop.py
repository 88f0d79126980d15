"""Applications with real workers and their published agents, attached to a brain."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from taskdeck.domain.actions import OrderRequest
from taskdeck.domain.commands import Command
from taskdeck.domain.projections.tasks import Task, TaskState
from taskdeck.ports.worker_views import WorkerViews

from .brain import Brain, running_brain
from .waiting import eventually
from .worker_process import agent_environment, process


@dataclass
class Shop:
    """A brain with workers of one engine attached to it."""

    brain: Brain
    engine: str
    app: str
    """The module in `apps`."""
    environment: dict[str, str]
    log: Path
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)
    """The workers, in the order of their commands."""

    async def send(self, call: str) -> str:
        """Send a task as an application would; `call` is of the module `a`. Returns its id."""
        (task_id,) = await self.send_all(call)
        return task_id

    async def send_all(self, *calls: str) -> list[str]:
        """The same for several, from one process."""
        printed = "; ".join(f"print({call}.id)" for call in calls)
        sender = await asyncio.create_subprocess_exec(
            sys.executable, "-c", f"import {self.app} as a; {printed}",
            env={**self.environment, "Z4J_DISABLED": "1"}, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        output, _ = await sender.communicate()
        return output.decode().split()[-len(calls) :]

    async def task(
        self, task_id: str, state: TaskState, until: Callable[[Task], bool] = lambda _: True
    ) -> Task:
        """The task, once it is in that state and `until` says that all is there.

        Processes of a worker report on their own, so that an end may be known before a beginning.
        """
        views, project = self.brain.container.views(), self.brain.project

        async def look() -> Task | None:
            task = await views.task(project.id, self.engine, task_id)
            return task if task is not None and task.state is state and until(task) else None

        return await eventually(look)

    async def order(self, action: str, **fields: Any) -> Command:
        """Issue a command and wait until it has ended."""
        commands, project = self.brain.container.commands(), self.brain.project
        request = OrderRequest(action=action, engine=self.engine, **fields)
        issued = await commands.issue(project, request, "key:test")

        async def look() -> Command | None:
            command = await self.brain.container.views().command(project.id, issued.command.id)
            return command if command is not None and command.status.final else None

        return await eventually(look)


@asynccontextmanager
async def shop(
    folder: Path,
    engine: str,
    *workers: Sequence[str],
    variables: Mapping[str, str] | None = None,
) -> AsyncIterator[Shop]:
    """A shop whose workers, given by their commands, are connected."""
    log = folder / "worker.log"
    async with (
        running_brain(folder / "home", heartbeat_seconds=1) as brain,
        AsyncExitStack() as stack,
    ):
        agent = agent_environment(brain.url, brain.minted.token, brain.minted.hmac_secret, folder)
        environment = {**agent, **(variables or {})}
        opened = Shop(brain, engine, f"{engine}_app", environment, log)
        for command in workers:
            started = process(*command, environment=environment, log=log)
            opened.processes.append(await stack.enter_async_context(started))
        try:
            await eventually(lambda: _online(brain, len(workers)), seconds=60)
            yield opened
        except BaseException as error:
            error.add_note(f"The workers said:\n{log.read_text()[-6_000:]}")
            raise


async def _online(brain: Brain, count: int) -> bool:
    workers: WorkerViews = brain.container.worker_views()
    fleet = await workers.fleet(brain.project.id, since=0)
    return fleet.online == count
