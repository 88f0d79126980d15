"""Dashboards that look on while events come in: `python -m benchmarks.dashboards --help`.

The same ingest without and with open dashboards: events/s acknowledged, the brain's CPU and memory, and
what each dashboard is sent. A dashboard here is the traffic of an open overview, without a browser's own
work, which would take the brain's cores.
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

import aiohttp

from .agents import BenchAgent
from .brains import Target, brains

PROJECT = "/api/v1/projects/default"
TICK_SECONDS = 0.1
IN_FLIGHT = 256
REPORTS = 4
"""How often memory is looked at in a run."""


@dataclass
class Watching:
    """One open overview: its socket, and what it asks for so often (seconds)."""

    target: Target
    updates: int = 0
    sent_bytes: int = 0
    waits: list[float] = field(default_factory=list)

    async def run(self) -> None:
        headers = {"Authorization": f"Bearer {self.target.api_key}"}
        base = f"http://127.0.0.1:{self.target.port}"
        since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
        loads: tuple[tuple[str, float, dict[str, str]], ...] = (
            ("/stats", 8, {"since": since}),
            ("/overview", 5, {}),
            ("/queues", 5, {}),
            ("/workers", 5, {}),
            ("/tasks", 5, {"state": "failed", "limit": "6"}),
        )
        async with (
            aiohttp.ClientSession(base, headers=headers) as http,
            asyncio.TaskGroup() as group,
        ):
            group.create_task(self._follow(http))
            for path, seconds, query in loads:
                group.create_task(self._load(http, path, seconds, query))

    async def _follow(self, http: aiohttp.ClientSession) -> None:
        async with http.ws_connect("/ws/dashboard", max_msg_size=0) as socket:
            topics = ["tasks", "workers", "queues"]
            wanted = {"project": "default", "topics": topics, "rows": False}
            await socket.send_json({"subscribe": wanted})
            async for message in socket:
                self.updates += 1
                self.sent_bytes += len(message.data)

    async def _load(
        self, http: aiohttp.ClientSession, path: str, seconds: float, query: dict[str, str]
    ) -> None:
        while True:
            start = time.perf_counter()
            async with http.get(PROJECT + path, params=query) as answer:
                answer.raise_for_status()
                self.sent_bytes += len(await answer.read())
            self.waits.append(time.perf_counter() - start)
            await asyncio.sleep(seconds)


@asynccontextmanager
async def watched(target: Target, count: int) -> AsyncIterator[list[Watching]]:
    """So many dashboards, opened one after the other as people do."""
    watching = [Watching(target) for _ in range(count)]
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


async def measure(
    target: Target, seconds: float, agents: int, rate: float | None, dashboards: int
) -> float:
    """Print how one run went; returns the events/s acknowledged."""
    clients = await target.connect(agents)
    async with watched(target, dashboards) as watching:
        cpu, start, memory = target.cpu_seconds(), time.perf_counter(), []
        share = None if rate is None else rate / agents
        total = 0
        for _ in range(REPORTS):
            parts = (send(client, seconds / REPORTS, share) for client in clients)
            total += sum(await asyncio.gather(*parts))
            memory.append(target.rss_kib() // 1024)
        elapsed, cpu = time.perf_counter() - start, target.cpu_seconds() - cpu
    latencies = sorted(latency for client in clients for latency in client.latencies)
    for client in clients:
        client.writer.close()
    print(
        f"{dashboards:>3} dashboards, {f'{rate:,.0f} events/s' if rate else 'all it takes':>14}: "
        f"{total / elapsed:>7,.0f} events/s acked, brain at {cpu / elapsed:4.0%} of a core, "
        f"ack p99 {latencies[int(len(latencies) * 0.99)] * 1e3:6.1f} ms, RSS {memory} MiB"
    )
    if watching:
        waits = sorted(wait for each in watching for wait in each.waits)
        updates = sum(each.updates for each in watching) / dashboards / elapsed
        kib = sum(each.sent_bytes for each in watching) / dashboards / elapsed / 1024
        print(
            f"    each dashboard: {updates:.1f} updates/s, {kib:,.0f} KiB/s; a load takes p50 "
            f"{waits[len(waits) // 2] * 1e3:.0f} ms, p99 {waits[int(len(waits) * 0.99)] * 1e3:.0f} ms"
        )
    return total / elapsed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dashboards", type=int, default=20)
    parser.add_argument("--rate", type=float, default=5_000, help="events/s of the paced runs")
    parser.add_argument("--seconds", type=float, default=60, help="of each run")
    parser.add_argument("--agents", type=int, default=4)
    parser.add_argument("--database-url", help="PostgreSQL; default: SQLite in a new folder")
    arguments = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("repeat with: python -m benchmarks.dashboards", *sys.argv[1:])
    for rate in (arguments.rate, None):
        rates = []
        for dashboards in (0, arguments.dashboards):
            with brains(1, arguments.database_url) as (target,):
                run = measure(target, arguments.seconds, arguments.agents, rate, dashboards)
                rates.append(asyncio.run(run))
        print(f"    with them {rates[1] / rates[0]:.2f} of the rate without")


if __name__ == "__main__":
    main()
