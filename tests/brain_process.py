"""Brains as processes of their own: `taskdeck serve`, to be killed and started again."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import aiohttp

from taskdeck.adapters.system.clock import SystemClock
from taskdeck.entrypoints.home import CLI_KEY_FILE

from . import warm_start
from .agent_client import connected

TASKDECK = Path(sys.executable).with_name("taskdeck")
START_SECONDS = 60
STOP_SECONDS = 45
SKEWED = """
import sys, time
true_ns, ahead = time.time_ns, int(sys.argv.pop(1)) * 1_000_000_000
time.time_ns = lambda: true_ns() + ahead
from taskdeck.entrypoints.cli import main
main()
"""
"""The command line on a machine whose clock is wrong by so many seconds."""


@dataclass(frozen=True)
class Credentials:
    """What an agent needs to connect."""

    token: str
    hmac_secret: str

    @property
    def key(self) -> bytes:
        return base64.urlsafe_b64decode(self.hmac_secret)


@dataclass
class BrainProcess:
    """One replica; started again, it comes back on the same port with the same home."""

    home: Path
    variables: dict[str, str]
    clock_ahead: int = 0
    """Seconds by which its clock is wrong."""
    warm: bool = True
    """Forked from a process that has imported everything, which is quicker than the executable."""
    port: int = 0
    process: asyncio.subprocess.Process | warm_start.Forked | None = field(default=None, repr=False)
    front: str | None = None
    """The URL of a proxy through which it is called."""
    tls: ssl.SSLContext | bool = True

    @property
    def url(self) -> str:
        return self.front or f"http://127.0.0.1:{self.port}"

    @property
    def api_key(self) -> str:
        """The command line's own."""
        return (self.home / CLI_KEY_FILE).read_text().strip()

    @property
    def log(self) -> Path:
        return self.home / "brain.log"

    @property
    def environment(self) -> dict[str, str]:
        """Of the brain, and of commands that are to find it."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("Z4J_", "TASKDECK_"))
        }
        own = {"Z4J_BRAIN_HOME": str(self.home), "Z4J_BIND_PORT": str(self.port)}
        return inherited | own | self.variables

    async def start(self) -> None:
        """Run it, and return when it listens."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = await self._process(log)
        said = self.process.stdout
        assert said is not None
        async with asyncio.timeout(START_SECONDS):
            while line := await said.readline():
                if b" on http" in line:
                    self.port = int(line.rpartition(b":")[2])
                    return
        raise AssertionError(f"the brain did not start:\n{self.log.read_text()}")

    async def _process(self, log: IO[bytes]) -> asyncio.subprocess.Process | warm_start.Forked:
        if self.warm and not self.clock_ahead:
            return await warm_start.run(
                "serve", environment=self.environment, stdout=None, stderr=log
            )
        command = [str(TASKDECK)]
        if self.clock_ahead:
            command = [sys.executable, "-c", SKEWED, str(self.clock_ahead)]
        return await asyncio.create_subprocess_exec(
            *command, "serve", env=self.environment, stdout=asyncio.subprocess.PIPE, stderr=log
        )

    async def kill(self) -> None:
        """`kill -9`: it can do nothing about it."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        return await self._end(signal.SIGTERM)

    async def mint(self, name: str = "tests") -> Credentials:
        answer = await self.call("POST", "agents", json={"name": name})
        return Credentials(answer["token"], answer["hmac_secret"])

    async def call(self, method: str, path: str, **request: Any) -> Any:
        """The JSON that the API answers: of the default project, or of anything with a `/` first.

        Raises aiohttp.ClientError.
        """
        below = path if path.startswith("/") else f"/projects/default/{path}"
        headers = {"Authorization": f"Bearer {self.api_key}"}
        connector = aiohttp.TCPConnector(ssl=self.tls)
        async with (
            aiohttp.ClientSession(
                raise_for_status=True, headers=headers, connector=connector
            ) as http,
            http.request(method, f"{self.url}/api/v1{below}", **request) as answer,
        ):
            return await answer.json()

    def rss_kib(self) -> int:
        if self.process is None:
            return 0
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        return 0

    async def all_of(self, path: str) -> list[dict[str, Any]]:
        """Every row of a listing (`events`, `tasks` …), over all its pages."""
        found: list[dict[str, Any]] = []
        query = {"limit": "500"}
        while True:
            page = await self.call("GET", path, params=query)
            found += page[path]
            if page["next_cursor"] is None or not page[path]:
                return found
            query["cursor"] = page["next_cursor"]

    def connect(self, credentials: Credentials) -> Any:
        """A connected agent of our own that has not said hello."""
        return connected(self.url, credentials.token, credentials.key, SystemClock().now)

    async def _end(self, number: signal.Signals) -> int:
        process, self.process = self.process, None
        assert process is not None
        if process.returncode is None:
            process.send_signal(number)
        async with asyncio.timeout(STOP_SECONDS):
            return await process.wait()


@asynccontextmanager
async def brain_process(
    home: Path, *, clock_ahead: int = 0, warm: bool = True, **variables: str
) -> AsyncIterator[BrainProcess]:
    """A running replica with these `Z4J_…` variables, killed at the end if it still runs."""
    brain = BrainProcess(home, variables, clock_ahead, warm)
    try:
        await brain.start()
        yield brain
    except BaseException as error:
        error.add_note(f"The brain said:\n{brain.log.read_text()[-6_000:]}")
        raise
    finally:
        if brain.process is not None:
            await brain.kill()
