"""A project at a glance; workers, queues, statistics."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import Caller, Role
from .gate import Answer
from .inputs import Query
from .parts import ApiParts
from .render_fleet import render_overview, render_queue, render_statistics, render_workers
from .route import IN_PROJECT, Route, project_of

DAY_MINUTES = 24 * 60


def routes(parts: ApiParts) -> Iterator[Route]:
    async def workers(request: web.Request, _: Caller) -> Answer:
        Query(request)
        project = project_of(request)
        overview = await parts.queries.workers(project)
        lost = await parts.queries.lost(project, overview.running)
        return Answer({**render_workers(overview, lost), "next_cursor": None})

    async def overview(request: web.Request, _: Caller) -> Answer:
        Query(request)
        return Answer(render_overview(await parts.queries.overview(project_of(request))))

    async def queues(request: web.Request, _: Caller) -> Answer:
        query = Query(request, "minutes")
        minutes = query.number("minutes", default=60, maximum=DAY_MINUTES)
        found = await parts.queries.queues(project_of(request), minutes=minutes)
        now = parts.clock.now()
        rendered = [render_queue(each, now=now) for each in found]
        return Answer({"queues": rendered, "next_cursor": None})

    async def statistics(request: web.Request, _: Caller) -> Answer:
        query = Query(request, "since", "until", "engine", "name")
        overview = await parts.queries.statistics(
            project_of(request),
            since=query.instant("since"),
            until=query.instant("until"),
            engine=query.text("engine"),
            name=query.text("name"),
        )
        return Answer(render_statistics(overview))

    needs = parts.gate.needs
    yield "GET", f"{IN_PROJECT}/overview", needs(Role.VIEWER, overview)
    yield "GET", f"{IN_PROJECT}/workers", needs(Role.VIEWER, workers)
    yield "GET", f"{IN_PROJECT}/queues", needs(Role.VIEWER, queues)
    yield "GET", f"{IN_PROJECT}/stats", needs(Role.VIEWER, statistics)
