"""Dashboards that look on while events come in: `python -m benchmarks.dashboards --help`.

The same ingest without and with open dashboards, in turns: events/s acknowledged, the brain's CPU for an
event, its memory all along, and what each dashboard is sent. A dashboard here is the traffic of an open
page, without a browser's own work; all of them share the brain's cores, so CPU for an event says more
than events/s.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import platform
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import mean
from typing import TypeAlias

import aiohttp

from .agents import BenchAgent
from .brains import Target, brains

API = "/api/v1"
PROJECT = f"{API}/projects/default"
TICK_SECONDS = 0.1
IN_FLIGHT = 256
REST_SECONDS = 10
NOT_READY = 503

Load: TypeAlias = tuple[str, float, dict[str, str]]
"""A path, how often it is asked for (seconds), and with what."""


def overview() -> tuple[Load, ...]:
    """What pages/overview.tsx loads while everything changes; of queues it is told here as well."""
    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    return (
        (f"{PROJECT}/stats", 8, {"since": since}),
        (f"{PROJECT}/overview", 5, {}),
        (f"{PROJECT}/queues", 5, {"limit": "8"}),
        (f"{PROJECT}/tasks", 5, {"state": "failed", "limit": "6"}),
        (f"{API}/ready", 10, {}),
    )


@dataclass
class Watching:
    """One open page: its socket, and what it asks for. An overview, or else the list of tasks."""

    target: Target
    rows: bool
    updates: int = 0
    sent_bytes: int = 0
    waits: list[float] = field(default_factory=list)

    async def run(self) -> None:
        headers = {"Authorization": f"Bearer {self.target.api_key}"}
        base = f"http://127.0.0.1:{self.target.port}"
        loads = ((f"{PROJECT}/stats", 10, dict[str, str]()),) if self.rows else overview()
        async with (
            aiohttp.ClientSession(base, headers=headers) as http,
            asyncio.TaskGroup() as group,
        ):
            group.create_task(self._follow(http))
            for path, seconds, query in loads:
                group.create_task(self._load(http, path, seconds, query))

    async def _follow(self, http: aiohttp.ClientSession) -> None:
        async with http.ws_connect("/ws/dashboard", max_msg_size=0) as socket:
            topics = ["tasks"] if self.rows else ["tasks", "workers", "queues"]
            wanted = {"project": "default", "topics": topics, "rows": self.rows}
            await socket.send_json({"subscribe": wanted})
            async for message in socket:
                self.updates += 1
                self.sent_bytes += len(message.data)

    async def _load(
        self, http: aiohttp.ClientSession, path: str, seconds: float, query: dict[str, str]
    ) -> None:
        while True:
            start = time.perf_counter()
            async with http.get(path, params=query) as answer:
                if answer.status != NOT_READY:
                    answer.raise_for_status()
                self.sent_bytes += len(await answer.read())
            self.waits.append(time.perf_counter() - start)
            await asyncio.sleep(seconds)


@asynccontextmanager
async def watched(target: Target, overviews: int, lists: int) -> AsyncIterator[list[Watching]]:
    """So many pages, opened one after the other as people do."""
    watching = [Watching(target, rows=number < lists) for number in range(lists + overviews)]
    tasks = []
    for each in watching:
        tasks.append(asyncio.create_task(each.run()))
        await asyncio.sleep(TICK_SECONDS)
    try:
        yield watching
    finally:
        for failed in (task for task in tasks if task.done()):
            failed.result()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def send(client: BenchAgent, seconds: float, per_second: float | None) -> int:
    """Send one event a frame at this rate, or as fast as acks come; returns how many were acked."""
    acked, start = 0, time.perf_counter()
    step = int(per_second * TICK_SECONDS) if per_second else IN_FLIGHT * 4
    for turn in itertools.count(1):
        await client.send_all(client.frames(step, 1), IN_FLIGHT)
        acked += step
        if time.perf_counter() - start >= seconds:
            return acked
        if per_second:
            await asyncio.sleep(start + turn * TICK_SECONDS - time.perf_counter())
    return acked


@dataclass(frozen=True)
class Run:
    """What is compared."""

    events_per_second: float
    cpu_per_event: float
    """Seconds of the brain's."""


async def measure(target: Target, options: argparse.Namespace, rate: float | None, on: bool) -> Run:
    """Print how one run went."""
    clients = await target.connect(options.agents)
    lists = options.lists if on else 0
    overviews = options.dashboards - lists if on else 0
    parts = max(1, round(options.seconds / options.every))
    share = None if rate is None else rate / options.agents
    async with watched(target, overviews, lists) as watching:
        cpu, own, start = target.cpu_seconds(), time.process_time(), time.perf_counter()
        total, memory = 0, [target.rss_kib() // 1024]
        for _ in range(parts):
            sent = (send(client, options.seconds / parts, share) for client in clients)
            total += sum(await asyncio.gather(*sent))
            memory.append(target.rss_kib() // 1024)
        elapsed, own = time.perf_counter() - start, time.process_time() - own
        cpu = target.cpu_seconds() - cpu
        told = [(each.rows, each.updates / elapsed, each.sent_bytes / elapsed) for each in watching]
    latencies = sorted(latency for client in clients for latency in client.latencies)
    for client in clients:
        client.writer.close()
    print(
        f"{overviews + lists:>3} dashboards, {f'{rate:,.0f} events/s' if rate else 'all it takes':>14}: "
        f"{total / elapsed:>7,.0f} events/s acked, {cpu / total * 1e6:.0f} µs of the brain for an event "
        f"(at {cpu / elapsed:.0%} of a core, the clients at {own / elapsed:.0%}), "
        f"ack p99 {latencies[int(len(latencies) * 0.99)] * 1e3:.1f} ms"
    )
    await report_memory(target, memory, options.every)
    for rows, name in ((False, "overview"), (True, "list of tasks")):
        of = [(updates, sent) for kind, updates, sent in told if kind is rows]
        if of:
            updates, sent = (sum(each) / len(of) for each in zip(*of, strict=True))
            print(f"    each {name}: {updates:.1f} updates/s, {sent / 1024:,.0f} KiB/s")
    if waits := sorted(wait for each in watching for wait in each.waits):
        middle, late = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
        print(f"    a load takes p50 {middle * 1e3:.0f} ms, p99 {late * 1e3:.0f} ms")
    return Run(total / elapsed, cpu / total)


async def report_memory(target: Target, seen: list[int], every: float) -> None:
    """All along, then at rest, and then without what the allocator keeps."""
    await asyncio.sleep(REST_SECONDS)
    rest = target.rss_kib() // 1024
    target.trim()
    await asyncio.sleep(1)
    print(
        f"    RSS every {every:.0f} s: {' '.join(map(str, seen))} MiB; {REST_SECONDS} s after: {rest}; "
        f"trimmed: {target.rss_kib() // 1024}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dashboards", type=int, default=20)
    parser.add_argument("--lists", type=int, default=5, help="of them on the list of tasks")
    parser.add_argument(
        "--rates", type=float, nargs="+", default=[5_000, 0], help="events/s; 0: all"
    )
    parser.add_argument("--seconds", type=float, default=60, help="of each run")
    parser.add_argument("--every", type=float, default=15, help="seconds between looks at memory")
    parser.add_argument("--rounds", type=int, default=1, help="without and with, in turns")
    parser.add_argument("--only-with", action="store_true", help="for a long look at memory")
    parser.add_argument("--agents", type=int, default=4)
    parser.add_argument("--database-url", help="PostgreSQL; default: SQLite in a new folder")
    options = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("repeat with: python -m benchmarks.dashboards", *sys.argv[1:])
    for rate in options.rates:
        runs: dict[bool, list[Run]] = {False: [], True: []}
        for _, on in itertools.product(range(options.rounds), (False, True)):
            if on or not options.only_with:
                with brains(1, options.database_url) as (target,):
                    runs[on].append(asyncio.run(measure(target, options, rate or None, on)))
        if not options.only_with:
            compare(runs[False], runs[True])


def compare(without: list[Run], having: list[Run]) -> None:
    rate = mean(run.events_per_second for run in having)
    cpu = mean(run.cpu_per_event for run in having)
    print(
        f"    with them {rate / mean(run.events_per_second for run in without):.2f} of the events/s "
        f"without, and {cpu / mean(run.cpu_per_event for run in without):.2f} of the CPU for an event"
    )


if __name__ == "__main__":
    main()
