"""The demo as a whole: a brain in a temporary home, a fleet, and what to look at."""

from __future__ import annotations

import asyncio
import logging
import secrets
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from ...domain.errors import TaskdeckError
from ...domain.services.users import NewUser
from ..container import Container
from ..home import CLI_KEY_FILE
from ..server import run, stop_on_signals
from ..settings import load_settings
from .fleet import run_fleet

USERNAME = "demo"

log = logging.getLogger("taskdeck")


def main(*, port: int, seconds: float | None) -> None:
    """Run until a signal, or for so many seconds."""
    logging.basicConfig(level="WARNING", format="%(levelname)s %(message)s")
    with tempfile.TemporaryDirectory(prefix="taskdeck-demo-") as home:
        try:
            asyncio.run(_show(Path(home), port, seconds))
        except ExceptionGroup as failures:
            known = failures.subgroup(TaskdeckError)
            # The first says why; the others only followed from it.
            raise (known or failures).exceptions[0] from None


async def _show(home: Path, port: int, seconds: float | None) -> None:
    container = Container(settings=load_settings({}, home=home, bind_port=port))
    stop, close = stop_on_signals(), asyncio.Event()
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def on_ready(line: str) -> None:
        if "listens on" in line:
            ready.set_result(line.rpartition(" ")[2])

    async with asyncio.TaskGroup() as group:
        brain = group.create_task(_live(container, close, on_ready))
        brain.add_done_callback(lambda _: ready.cancel())
        await asyncio.wait({ready})
        if ready.cancelled():
            return
        password = await _user(container)
        fleet = group.create_task(_fleet(container, ready.result()))
        _explain(ready.result(), home, password)
        if seconds is not None:
            asyncio.get_running_loop().call_later(seconds, stop.set)
        await stop.wait()
        fleet.cancel()
        # The fleet goes first: a brain that closes its sockets is an error to it.
        await asyncio.wait({fleet})
        close.set()


async def _live(
    container: Container, close: asyncio.Event, on_ready: Callable[[str], None]
) -> None:
    async with AsyncExitStack() as stack:
        await run(container, stack, close, on_ready)


async def _fleet(container: Container, url: str) -> None:
    project = await container.projects().one("default")
    await run_fleet(url, await container.agents().mint(project, "demo fleet", "demo"))


async def _user(container: Container) -> str:
    """Make the demo's user and return the password."""
    password = secrets.token_urlsafe(9)
    new = NewUser(username=USERNAME, password=password, name="Demo", instance_admin=True)
    await container.users().create(new, "demo")
    return password


def _explain(url: str, home: Path, password: str) -> None:
    key = (home / CLI_KEY_FILE).read_text().strip()
    print(  # noqa: T201
        f"A brain with five simulated workers runs at {url}. Open it in a browser:\n\n"
        f"  {url}/login   user {USERNAME}, password {password}\n\n"
        "Or in another terminal:\n\n"
        f"  export TASKDECK_API_KEY={key} Z4J_PUBLIC_URL={url}\n"
        "  taskdeck tasks watch\n"
        "  taskdeck workers\n"
        "  taskdeck queues\n"
        "  taskdeck tasks list --state failed\n"
        "  taskdeck commands issue retry_task --engine celery --task ID --wait\n\n"
        "Ctrl-C ends it; nothing stays.",
        flush=True,
    )
