"""Bulk operations on many tasks: `python -m benchmarks.bulk --tasks 880000 --folder /var/tmp/found`.

One task in nine has the name that is asked for: of so many, almost 100 000. The folder is filled and
kept as that of `benchmarks.search`. Agents answer every command at once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from .agents import BenchAgent
from .brains import Target, brains
from .search import filled
from .stories import NAMES

IN = "/api/v1/projects/default/bulk"
AGENTS = 4
QUERY = f"name:{NAMES[1]}"
PREVIEWS = (QUERY, f"{QUERY} state:succeeded queue:queue1", f"{QUERY} runtime>0s")
"""An index tells it, columns do, documents must be read."""


async def answer(agent: BenchAgent) -> None:
    while True:
        frame = json.loads(await agent.message())
        if frame["type"] == "command":
            agent.finish(frame)


async def ask(
    session: ClientSession, method: str, path: str = "", **body: Any
) -> tuple[Any, float]:
    """The answer, and how many seconds it took."""
    begun = time.perf_counter()
    async with session.request(method, IN + path, json=body or None) as answered:
        document = await answered.json()
    if answered.status >= 400:
        raise SystemExit(f"{method} {path}: {document}")
    return document, time.perf_counter() - begun


async def run(target: Target, seconds: float, rate: int) -> None:
    agents = await target.connect(AGENTS)
    answering = [asyncio.create_task(answer(agent)) for agent in agents]
    headers = {"Authorization": f"Bearer {target.api_key}"}
    async with ClientSession(f"http://127.0.0.1:{target.port}", headers=headers) as session:
        for query in PREVIEWS:
            wanted = {"action": "reconcile_task", "query": query}
            await ask(session, "POST", "/preview", **wanted)
            seen, took = await ask(session, "POST", "/preview", **wanted)
            exact = "" if seen["exact"] else "at least "
            print(f"preview of {query}: {exact}{seen['count']} tasks in {took:.2f} s")
        bulk, took = await ask(
            session, "POST", action="reconcile_task", query=QUERY, rate_per_second=rate
        )
        print(f"start with {bulk['total']} tasks: {took:.2f} s")
        cpu = target.cpu_seconds()
        await asyncio.sleep(seconds)
        found, took = await ask(session, "GET", f"/{bulk['id']}")
        print(
            f"{found['done'] / seconds:.0f} commands ended a second, of {rate} asked for; "
            f"{(target.cpu_seconds() - cpu) / seconds:.0%} of a core for the brain"
        )
        items, took = await ask(session, "GET", f"/{bulk['id']}/items?limit=500")
        print(f"first {len(items['items'])} items: {took * 1e3:.0f} ms")
        await ask(session, "POST", f"/{bulk['id']}/cancel")
    for task in answering:
        task.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--tasks", type=int, default=880_000)
    parser.add_argument("--days", type=int, default=7, help="over which they are spread")
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=int, default=500)
    arguments = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("repeat with: python -m benchmarks.bulk", *sys.argv[1:])
    with filled(arguments) as (url, home), brains(1, url, home=home) as (target,):
        asyncio.run(run(target, arguments.seconds, arguments.rate))


if __name__ == "__main__":
    main()
