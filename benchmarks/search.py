"""Is everything found quickly? `python -m benchmarks.search --tasks 10000000 --folder /var/tmp/found`.

Fills a PostgreSQL of its own in the folder (which is kept, and used as it is the next time), or with
`--sqlite` a file in it, then asks for what the dashboard asks for: through the ports, and over HTTP.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlencode

from aiohttp import ClientSession

from taskdeck.domain.access import Project
from taskdeck.domain.ids import ProjectId
from taskdeck.domain.instants import DAY, MINUTE, Instant, render_instant
from taskdeck.domain.projections.tasks import Task
from taskdeck.domain.search import Query, parse_query
from taskdeck.domain.services.keyring import Keyring
from taskdeck.domain.services.queries import Queries
from taskdeck.domain.services.summing import LONG
from taskdeck.entrypoints.container import Container
from taskdeck.entrypoints.settings import load_settings
from tests.postgres_server import server_in

from .brains import SECRET, Target, brains
from .filling import fill
from .filling_sqlite import fill_file
from .stories import BUSIEST, NAMES

RUNS = 60
MOST_SECONDS = 15.0
"""Of one question; slow ones are asked less often."""
PAGE = 50
DEEP = 1_000
"""The page that is far down."""
WINDOWS = {"1 h": DAY // 24, "6 h": DAY // 4, "24 h": DAY, "7 d": 7 * DAY}
SERVER = {"autovacuum": "on", "shared_buffers": "1GB", "max_wal_size": "4GB"}

Ask: TypeAlias = Callable[[int], Awaitable[Any]]
"""Asks one question; the number of the run chooses of whom."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is asked for."""

    now: Instant
    """When the last task of all was heard of."""
    tasks: list[Task]
    deep: str
    """The cursor of the page far down, and of that page of one name."""
    deep_of_name: str


async def sample(queries: Queries, project: Project) -> Sample:
    async def cursor_of(where: Query) -> str:
        cursor: str | None = None
        for _ in range((DEEP - 1) * PAGE // 450):
            page = await queries.tasks(project, where, cursor=cursor, limit=450)
            cursor = page.next_cursor
            if cursor is None:
                raise SystemExit(f"There are fewer than {DEEP} pages: fill in more tasks.")
        return cursor or ""

    newest = await queries.tasks(project, Query(), cursor=None, limit=500)
    deep, deep_of_name = await cursor_of(Query()), await cursor_of(_said(f"name:{BUSIEST}"))
    old = await queries.tasks(project, Query(), cursor=deep, limit=500)
    tasks = [*newest.tasks, *old.tasks]
    return Sample(newest.tasks[0].last_event_at, tasks[:: len(tasks) // RUNS], deep, deep_of_name)


def _said(text: str) -> Query:
    return parse_query(text, now=time.time_ns() // 1_000)


def by_ports(queries: Queries, project: Project, of: Sample) -> Iterator[tuple[str, Ask]]:
    def page(text: str, cursor: str | None = None) -> Ask:
        where = _said(text)
        return lambda _: queries.tasks(project, where, cursor=cursor, limit=PAGE)

    def found(run: int) -> Awaitable[Any]:
        where = _said(f"id:{of.tasks[run].key.task_id}")
        return queries.tasks(project, where, cursor=None, limit=PAGE)

    def mentioned(run: int) -> Awaitable[Any]:
        where = _said(of.tasks[run].key.task_id)
        return queries.tasks(project, where, cursor=None, limit=PAGE)

    def statistics(length: Instant, name: str | None = None) -> Ask:
        return lambda run: queries.statistics(
            project, since=of.now - length - run * MINUTE, until=of.now - run * MINUTE,
            engine=None if name is None else "celery", name=name,
        )  # fmt: skip

    yield "tasks, page 1", page("")
    yield f"tasks, page {DEEP:,}", page("", of.deep)
    yield "tasks of a name, page 1", page(f"name:{BUSIEST}")
    yield f"tasks of a name, page {DEEP:,}", page(f"name:{BUSIEST}", of.deep_of_name)
    yield "failed of the busiest name", page(f"state:failed name:{BUSIEST}")
    yield "failed of the rarest name", page(f"state:failed name:{NAMES[-1]}")
    yield "succeeded of the rarest name", page(f"state:succeeded name:{NAMES[-1]}")
    yield "failed of a queue", page("state:failed queue:queue3")
    yield "failed, by words of the error", page("state:failed error:TimeoutError")
    yield "by id", found
    yield "an id, as text", mentioned
    yield (
        "last runs of a name",
        lambda _: queries.recent_runs(project, engine="celery", name=BUSIEST),
    )
    yield "detail", lambda run: queries.task(project, "celery", of.tasks[run].key.task_id)
    yield "project at a glance", lambda _: queries.overview(project)
    for label, length in WINDOWS.items():
        yield f"statistics of {label}", statistics(length)
    for label, length in WINDOWS.items():
        yield f"statistics of {label}, one name", statistics(length, BUSIEST)


def over_http(session: ClientSession, of: Sample) -> Iterator[tuple[str, Ask]]:
    def get(path: str, **query: str) -> Ask:
        async def ask(run: int) -> None:
            place = path.format(task_id=of.tasks[run].key.task_id)
            async with session.get(f"/api/v1/projects/default{place}?{urlencode(query)}") as answer:
                answer.raise_for_status()
                await answer.read()

        return ask

    until = render_instant(of.now)
    yield "tasks, page 1", get("/tasks")
    yield f"tasks, page {DEEP:,}", get("/tasks", cursor=of.deep)
    yield "failed of the busiest name", get("/tasks", state="failed", name=BUSIEST)
    yield "detail", get("/tasks/celery/{task_id}")
    for label, length in WINDOWS.items():
        yield (
            f"statistics of {label}",
            get("/stats", since=render_instant(of.now - length), until=until),
        )


async def measure(questions: Iterator[tuple[str, Ask]]) -> None:
    for label, ask in questions:
        await ask(0)
        seconds: list[float] = []
        while len(seconds) < RUNS and sum(seconds) < MOST_SECONDS:
            begun = time.perf_counter()
            await ask(len(seconds))
            seconds.append(time.perf_counter() - begun)
        seconds.sort()
        middle, high = (seconds[int(len(seconds) * share)] * 1e3 for share in (0.5, 0.95))
        print(f"{label:>32}: p50 {middle:7.1f} ms, p95 {high:7.1f} ms", flush=True)


async def sum_up(url: str | None, home: Path) -> float:
    """What a brain does beside its writers, done to the end; returns seconds."""
    begun, now = time.perf_counter(), time.time_ns() // 1_000
    async with _opened(url, home) as container:
        while await container.upkeep().sum_up(now, since=now - LONG):
            pass
    return time.perf_counter() - begun


async def run(target: Target, url: str | None, home: Path) -> None:
    async with _opened(url, home) as container:
        queries, project = container.queries(), await container.projects().one("default")
        of = await sample(queries, project)
        print("through the ports:")
        await measure(by_ports(queries, project, of))
    headers = {"Authorization": f"Bearer {target.api_key}"}
    async with ClientSession(f"http://127.0.0.1:{target.port}", headers=headers) as session:
        print("over HTTP:")
        await measure(over_http(session, of))


@asynccontextmanager
async def _opened(url: str | None, home: Path) -> AsyncIterator[Container]:
    environment = {"Z4J_BRAIN_HOME": str(home), "Z4J_SECRET": SECRET, "Z4J_DATABASE_URL": url or ""}
    container = Container(settings=load_settings(environment))
    await container.database().open()
    try:
        yield container
    finally:
        await container.database().close()


@contextmanager
def filled(arguments: argparse.Namespace) -> Iterator[tuple[str | None, Path]]:
    """The URL of the database, None for SQLite, and the home that has its file."""
    folder: Path = arguments.folder
    folder.mkdir(mode=0o755, exist_ok=True, parents=True)
    project = ProjectId(Keyring(SECRET.encode()).id_of("project default"))
    home, done = folder / "home", folder / "filled"
    home.mkdir(mode=0o700, exist_ok=True)
    wanted = (project, 3 * arguments.tasks, arguments.days)
    if arguments.sqlite:
        if not done.exists():
            print(f"filled in {asyncio.run(fill_file(home, *wanted)):,.0f} s")
            done.touch()
        yield None, home
        return
    with server_in(folder, stop="fast", fsync="on", **SERVER) as server:
        if not done.exists():
            print(f"filled in {asyncio.run(fill(server.url, *wanted)):,.0f} s")
            done.touch()
        yield server.url, home


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--tasks", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=7, help="over which they are spread")
    parser.add_argument("--sqlite", action="store_true")
    arguments = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("repeat with: python -m benchmarks.search", *sys.argv[1:])
    with filled(arguments) as (url, home):
        print(f"summed up in {asyncio.run(sum_up(url, home)):,.0f} s")
        with brains(1, url, home=home) as (target,):
            asyncio.run(run(target, url, home))


if __name__ == "__main__":
    main()
