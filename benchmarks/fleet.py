"""What a look at a large fleet costs: `python -m benchmarks.fleet --help`.

So many workers connect, each tells of its health, some of them leave; then what the dashboard asks for,
one after the other, with the CPU that the brain takes for it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import resource
import sys
import time
from contextlib import suppress
from statistics import median

import aiohttp

from .agents import BenchAgent
from .brains import Target, brains

PROJECT = "/api/v1/projects/default"
PATHS = (
    "/overview",
    "/workers?presence=online&limit=100",
    "/workers?presence=gone&limit=100",
    "/workers?presence=online&text=bench-77",
    "/tasks?limit=100",
)
LEAVING = 0.1
"""Share of the workers."""


async def gather(target: Target, count: int) -> list[BenchAgent]:
    crowd: list[BenchAgent] = []
    while len(crowd) < count:
        with suppress(ConnectionError):  # the brain lets in only so many at a time
            crowd += await target.connect(min(20, count - len(crowd)), at_once=20)
    for client in crowd:
        client.writer.write(client.health())
    (busy,) = await target.connect(1)
    await busy.send_all(busy.frames(3_001, 200), 16)  # the last task is left running
    for client in crowd[: int(count * LEAVING)]:
        client.writer.close()
    await asyncio.sleep(5.0)  # the journal of the sessions is written meanwhile
    return [busy, *crowd]


async def run(target: Target, count: int, times: int) -> None:
    started = time.perf_counter()
    crowd = await gather(target, count)
    print(f"{count} workers came and {LEAVING:.0%} left in {time.perf_counter() - started:.0f} s")
    headers = {"Authorization": f"Bearer {target.api_key}"}
    base = f"http://127.0.0.1:{target.port}"
    async with aiohttp.ClientSession(base, headers=headers) as http:
        for path in PATHS:
            waits, size, cpu = [], 0, target.cpu_seconds()
            for _ in range(times):
                start = time.perf_counter()
                async with http.get(PROJECT + path) as answer:
                    answer.raise_for_status()
                    size = len(await answer.read())
                waits.append(time.perf_counter() - start)
            cpu = (target.cpu_seconds() - cpu) / times
            print(
                f"{path:>42}: p50 {median(waits) * 1e3:4.0f} ms, at most {max(waits) * 1e3:4.0f} ms, "
                f"{cpu * 1e3:5.1f} ms of CPU, {size / 1024:4.0f} KiB"
            )
    for client in crowd:
        client.writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--database-url", help="PostgreSQL; default: SQLite in a new folder")
    arguments = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("repeat with: python -m benchmarks.fleet", *sys.argv[1:])
    with brains(1, arguments.database_url) as (target,):
        asyncio.run(run(target, arguments.workers, arguments.times))


if __name__ == "__main__":
    main()
