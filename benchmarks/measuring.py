"""One run of ingest, and what it cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import psycopg

from taskdeck.adapters.postgres.database import conninfo

from .agents import BenchAgent
from .brains import Target, cpu_seconds


@dataclass(frozen=True)
class Run:
    """Rates a second; CPU in microseconds an event."""

    rate: float
    brain: float
    database: float


async def ingest(
    target: Target, url: str, clients: Sequence[BenchAgent], events: int, mode: tuple[int, int]
) -> Run:
    """`mode` is the events of a frame, and the frames that each client keeps in flight."""
    per_frame, in_flight = mode
    frames = [client.frames(events // len(clients), per_frame) for client in clients]
    before = target.cpu_seconds(), database_cpu(url)
    begun = time.perf_counter()
    await asyncio.gather(
        *(client.send_all(of, in_flight) for client, of in zip(clients, frames, strict=True))
    )
    seconds = time.perf_counter() - begun
    brain, database = target.cpu_seconds() - before[0], database_cpu(url) - before[1]
    return Run(events / seconds, brain / events * 1e6, database / events * 1e6)


def database_cpu(url: str) -> float:
    """Seconds that the processes have used that serve this database, if it is on this machine."""
    with psycopg.connect(conninfo(url)) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return sum(cpu_seconds(pid) for (pid,) in rows)


def compared(name: str, base: Sequence[Run], other_name: str, other: Sequence[Run]) -> None:
    """Print the medians of both, and of the ratios of each round."""
    for label, runs in ((name, base), (other_name, other)):
        print(
            f"{label:>16}: {median(run.rate for run in runs):>8,.0f} events/s; CPU an event: brain "
            f"{median(run.brain for run in runs):5.1f} us, database "
            f"{median(run.database for run in runs):5.1f} us"
        )
    ratios = sorted(b.rate / a.rate for a, b in zip(base, other, strict=True))
    print(f"{'ratio':>16}: {median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
