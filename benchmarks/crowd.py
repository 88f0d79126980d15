"""Few agents connected, and many: `python -m benchmarks.crowd --database-url postgresql://…`.

Ten agents send as much as they can. In turns they are alone, and among thousands that have nothing to do
and send what such agents send at every heartbeat. (Signing that takes CPU of this process, which the rate
feels where agents and brain share cores; the CPU of the brain does not.)
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress

from .agents import BenchAgent
from .brains import Target, brains
from .measuring import Run, compared, ingest

BUSY = 10
HEARTBEAT_SECONDS = 10.0
MODE = (1, 64)


async def measure(target: Target, url: str, events: int, idle: int) -> Run:
    crowd: list[BenchAgent] = []
    beating = asyncio.create_task(beat(crowd))
    while len(crowd) < idle:
        with suppress(ConnectionError):  # the brain lets in only so many at a time
            crowd += await target.connect(min(20, idle - len(crowd)), at_once=20)
    await asyncio.sleep(3.0)  # the journal of the opened sessions is written meanwhile
    clients = await target.connect(BUSY)
    run = await ingest(target, url, clients, events, MODE)
    beating.cancel()
    with suppress(asyncio.CancelledError):
        await beating
    for client in (*clients, *crowd):
        client.writer.close()
    await asyncio.sleep(3.0)
    return run


async def beat(crowd: Sequence[BenchAgent]) -> None:
    """Evenly over each interval, in steps of a tenth of a second."""
    steps = int(HEARTBEAT_SECONDS * 10)
    while True:
        for step in range(steps):
            for client in crowd[step::steps]:
                client.writer.write(client.health())
            await asyncio.sleep(HEARTBEAT_SECONDS / steps)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", required=True)
    parser.add_argument("--connected", type=int, default=5_000, help="agents of the large crowd")
    parser.add_argument("--events", type=int, default=100_000, help="of each run")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("repeat with: python -m benchmarks.crowd", *sys.argv[1:])
    url, many = arguments.database_url, arguments.connected - BUSY
    runs: dict[int, list[Run]] = {0: [], many: []}
    with brains(1, url) as (target,):
        for number in range(arguments.rounds):
            for idle in sorted(runs, reverse=number % 2 == 1):
                runs[idle].append(asyncio.run(measure(target, url, arguments.events, idle)))
    compared(f"{BUSY} connected", runs[0], f"{arguments.connected} connected", runs[many])


if __name__ == "__main__":
    main()
