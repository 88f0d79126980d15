"""A project at a glance; workers, queues, statistics."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from aiohttp import web

from ...domain.access import Role
from ...domain.actions.fields import Parameter
from ...domain.events import MAX_ENGINE
from ...domain.fields import MAX_NAME
from ...domain.fleet import WorkerFilter
from ...domain.projections.workers import MAX_DEPLOYMENT
from ...domain.queue_pages import QueueFilter
from .endpoint import CURSOR, IN_PROJECT, LIMIT, Answer, Endpoint, Route, project_of, query_of
from .kinds import LINE, Choice, Digits, Moment, Reported
from .parts import ApiParts
from .render_fleet import (
    render_overview,
    render_queue,
    render_runs,
    render_statistics,
    render_workers,
)
from .schema import list_of, page_of
from .schema_fleet import FLEET, OVERVIEW, QUEUE, RUNS, STATISTICS, WORKER
from .schema_tasks import TASK

DAY_MINUTES = 24 * 60


class Presence(StrEnum):
    ONLINE = "online"
    GONE = "gone"


OVERVIEW_OF_ALL = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/overview",
    summary="A project at a glance, and what needs attention",
    tag="fleet",
    needs=Role.VIEWER,
    answers={200: OVERVIEW},
)
WORKERS = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/workers",
    summary="Workers by page, presence, deployment or name, and what they run",
    tag="fleet",
    needs=Role.VIEWER,
    query=(
        Parameter("presence", Choice(Presence)),
        Parameter("deployment", Reported(MAX_DEPLOYMENT)),
        Parameter("text", LINE),
        CURSOR,
        LIMIT,
    ),
    answers={200: page_of("workers", WORKER, fleet=FLEET, running_elsewhere=list_of(TASK))},
)
QUEUES = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/queues",
    summary="Queues by page or part of a name: depth, age and pace, the deepest first",
    tag="fleet",
    needs=Role.VIEWER,
    query=(
        Parameter("engine", Reported(MAX_ENGINE)),
        Parameter("queue", Reported(MAX_NAME)),
        Parameter("text", LINE),
        Parameter("minutes", Digits(1, DAY_MINUTES), default=60),
        CURSOR,
        LIMIT,
    ),
    answers={200: page_of("queues", QUEUE)},
)
STATISTICS_OF_WINDOW = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/stats",
    summary="Counts and times over a window, in all, by task and over time",
    tag="fleet",
    needs=Role.VIEWER,
    query=(
        Parameter("since", Moment()),
        Parameter("until", Moment()),
        Parameter("engine", LINE),
        Parameter("name", LINE),
    ),
    answers={200: STATISTICS},
)

RECENT_RUNS = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/stats/runs",
    summary="The last runs, of one task name or all, by queue and by worker",
    tag="fleet",
    needs=Role.VIEWER,
    query=(Parameter("engine", LINE), Parameter("name", LINE)),
    answers={200: RUNS},
)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def workers(request: web.Request) -> Answer:
        """Those that came last first, of those that are gone those that left last. `gone` counts
        the ones of the last day. `text` is part of an id, a node, or host@pid. Tasks that run
        `running_elsewhere` come with the first page of all workers, or of those that are online."""
        project, query = project_of(request), query_of(request)
        presence = query["presence"]
        where = WorkerFilter(
            online=None if presence is None else presence is Presence.ONLINE,
            deployment=query["deployment"],
            text=query["text"],
        )
        overview = await parts.queries.workers(
            project, where, cursor=query["cursor"], limit=query["limit"]
        )
        lost = await parts.queries.lost(project, overview.running)
        return Answer(render_workers(overview, lost))

    async def overview(request: web.Request) -> Answer:
        """`throughput_per_second` is of runs that succeeded or failed in the last five minutes,
        `failure_share` of those in the last fifteen; retried and revoked ones count in neither."""
        return Answer(render_overview(await parts.queries.overview(project_of(request))))

    async def queues(request: web.Request) -> Answer:
        """Those that nobody measured come last. `text` is part of the name or of the engine's. A
        queue whose depth changes from one page to the next may come twice or not at all."""
        query = query_of(request)
        found = await parts.queries.queues(
            project_of(request),
            QueueFilter(engine=query["engine"], queue=query["queue"], text=query["text"]),
            minutes=query["minutes"],
            cursor=query["cursor"],
            limit=query["limit"],
        )
        now = parts.clock.now()
        rendered = [render_queue(each, now=now) for each in found.queues]
        return Answer({"queues": rendered, "next_cursor": found.next_cursor})

    async def statistics(request: web.Request) -> Answer:
        overview = await parts.queries.statistics(project_of(request), **query_of(request))
        return Answer(render_statistics(overview))

    async def recent_runs(request: web.Request) -> Answer:
        """Of the latest 500 tasks, those whose last run has ended; `runs` says how many
        these are, `since` when the first of them ended."""
        return Answer(
            render_runs(await parts.queries.recent_runs(project_of(request), **query_of(request)))
        )

    yield OVERVIEW_OF_ALL, overview
    yield WORKERS, workers
    yield QUEUES, queues
    yield STATISTICS_OF_WINDOW, statistics
    yield RECENT_RUNS, recent_runs
