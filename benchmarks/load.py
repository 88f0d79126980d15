"""End-to-end load on a real brain in another process: `python -m benchmarks.load --help`.

Prints events/s acknowledged, the server's CPU per 1 000 events, ack latencies, RSS a connection and
handshakes/s, with the machine they were measured on.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import resource
import sys
import time

from .brains import Target, brains
from .raw_copy import raw_copy


async def ingest(target: Target, agents: int, events: int, per_frame: int, in_flight: int) -> None:
    clients = await target.connect(agents)
    frames = [client.frames(events // agents, per_frame) for client in clients]
    cpu, start = target.cpu_seconds(), time.perf_counter()
    await asyncio.gather(
        *(client.send_all(of, in_flight) for client, of in zip(clients, frames, strict=True))
    )
    seconds, cpu = time.perf_counter() - start, target.cpu_seconds() - cpu
    latencies = sorted(latency for client in clients for latency in client.latencies)
    total = events // agents * agents
    print(
        f"{per_frame:>4} a frame, {agents} agents, {in_flight} in flight: "
        f"{total / seconds:>8,.0f} events/s acked, {cpu / total * 1e6:6.1f} ms CPU/1000 events, "
        f"ack p50 {latencies[len(latencies) // 2] * 1e3:6.1f} ms, "
        f"p99 {latencies[int(len(latencies) * 0.99)] * 1e3:6.1f} ms"
    )
    for client in clients:
        client.writer.close()


async def idle(target: Target, count: int) -> None:
    """Twice the same: the first time caches, arenas and pools of the process grow as well."""
    held = []
    for turn in ("first", "next"):
        before, start = target.rss_kib(), time.perf_counter()
        held += await target.connect(count)
        seconds = time.perf_counter() - start
        await asyncio.sleep(1.0)  # the journal of the opened sessions is written meanwhile
        print(
            f"{turn:>5} {count} idle sessions: {(target.rss_kib() - before) / count:.1f} KiB RSS "
            f"a connection, {count / seconds:,.0f} handshakes/s"
        )
    for client in held:
        client.writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=60_000, help="events of each ingest run")
    parser.add_argument("--agents", type=int, default=4)
    parser.add_argument("--database-url", help="PostgreSQL; default: SQLite in a new folder")
    parser.add_argument("--idle", type=int, default=1_000, help="idle sessions to measure")
    arguments = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("repeat with: python -m benchmarks.load", *sys.argv[1:])
    if arguments.database_url:
        rate = asyncio.run(raw_copy(arguments.database_url))
        print(f"raw COPY of such rows over one connection: {rate:,.0f} rows/s")
    for per_frame, in_flight, share in ((1, 64, 0.5), (1, 256, 1), (200, 16, 2)):
        with brains(1, arguments.database_url) as (target,):
            events = int(arguments.events * share)
            asyncio.run(ingest(target, arguments.agents, events, per_frame, in_flight))
    with brains(1, arguments.database_url) as (target,):
        asyncio.run(idle(target, arguments.idle))


if __name__ == "__main__":
    main()
