"""Brains in processes of their own, and what agents and operators need to reach them."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from taskdeck.entrypoints.container import Container
from taskdeck.entrypoints.first_start import prepare
from taskdeck.entrypoints.home import CLI_KEY_FILE
from taskdeck.entrypoints.settings import Settings, load_settings

from .agents import BenchAgent

SERVE = (
    "import ctypes, gc, signal;"
    "signal.signal(signal.SIGUSR2, lambda *_: gc.collect() + ctypes.CDLL(None).malloc_trim(0));"
    "from taskdeck.entrypoints.server import main;"
    "from taskdeck.entrypoints.settings import load_settings; main(load_settings())"
)
SECRET = "only for benchmarks, where nobody listens"
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """What a process of this machine has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@dataclass(frozen=True)
class Target:
    """A running brain."""

    pid: int
    port: int
    token: str
    key: bytes
    api_key: str

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    def rss_kib(self) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        return 0

    def trim(self) -> None:
        """Let the brain give back what its allocator keeps."""
        os.kill(self.pid, signal.SIGUSR2)

    async def connect(self, count: int, at_once: int = 50) -> list[BenchAgent]:
        limit = asyncio.Semaphore(at_once)

        async def one(number: int) -> BenchAgent:
            async with limit:
                return await BenchAgent.connect(
                    "127.0.0.1", self.port, self.token, self.key, f"bench-{number}-{time.time_ns()}"
                )

        return await asyncio.gather(*(one(number) for number in range(count)))


@contextmanager
def brains(
    count: int, database_url: str | None, home: Path | None = None
) -> Iterator[list[Target]]:
    """So many replicas on one database, or one on SQLite in its home, which is a new one by default."""
    with tempfile.TemporaryDirectory() as folder:
        if home is None:
            home = Path(folder) / "home"
            home.mkdir(mode=0o700)
        environment = {"Z4J_BRAIN_HOME": str(home), "Z4J_BIND_PORT": "0", "Z4J_SECRET": SECRET,
                       "Z4J_SESSIONS_PER_AGENT": "100000", "Z4J_LOG_LEVEL": "warning",
                       "Z4J_API_RATE": "100000",
                       "Z4J_DATABASE_URL": database_url or ""}  # fmt: skip
        token, key = asyncio.run(_mint(load_settings(environment)))
        api_key = (home / CLI_KEY_FILE).read_text().strip()
        processes = [_start({**os.environ, **environment}) for _ in range(count)]
        try:
            yield [Target(each.pid, _port(each), token, key, api_key) for each in processes]
        finally:
            for each in processes:
                each.terminate()
            for each in processes:
                each.wait(timeout=20)


async def _mint(settings: Settings) -> tuple[str, bytes]:
    container = Container(settings=settings)
    await container.database().open()
    try:
        await prepare(container.projects(), container.keys(), settings.home)
        project = await container.projects().one("default")
        minted = await container.agents().mint(project, "bench", "bench")
        return minted.token, base64.urlsafe_b64decode(minted.hmac_secret)
    finally:
        await container.database().close()


def _start(environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SERVE], env=environment, stdout=subprocess.PIPE, text=True
    )


def _port(process: subprocess.Popen[str]) -> int:
    for line in process.stdout or ():
        if "listens on" in line:
            return int(line.rpartition(":")[2])
    raise SystemExit("the brain did not start")
