"""Two databases in turns: `python -m benchmarks.side_by_side --empty URL --full URL`.

Tells how much of the rate on an empty database is left on a full one (`benchmarks.growth` fills it). Both
should lie on one server: whatever else the machine does meanwhile then meets both.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
from collections import defaultdict

from .brains import Target, brains
from .measuring import Run, compared, ingest

MODES = ((1, 64), (1, 256), (200, 16))
"""Events of a frame, and frames in flight for each of four agents."""


async def measure(target: Target, url: str, events: int, mode: tuple[int, int]) -> Run:
    clients = await target.connect(4)
    run = await ingest(target, url, clients, events, mode)
    for client in clients:
        client.writer.close()
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--empty", required=True)
    parser.add_argument("--full", required=True)
    parser.add_argument("--events", type=int, default=60_000, help="of each run")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("repeat with: python -m benchmarks.side_by_side", *sys.argv[1:])
    runs: defaultdict[tuple[tuple[int, int], str], list[Run]] = defaultdict(list)
    for number in range(arguments.rounds):
        # The first in each round is now the one, now the other.
        for url in sorted((arguments.empty, arguments.full), reverse=number % 2 == 1):
            with brains(1, url) as (target,):
                for mode in MODES:
                    run = asyncio.run(measure(target, url, arguments.events, mode))
                    runs[mode, url].append(run)
    for mode in MODES:
        print(f"{mode[0]} a frame, {mode[1]} in flight:")
        compared("empty", runs[mode, arguments.empty], "full", runs[mode, arguments.full])


if __name__ == "__main__":
    main()
