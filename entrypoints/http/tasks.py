"""Tasks: the list, and one with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import Caller, Role
from ...domain.actions.fields import Text
from ...domain.instants import Instant
from ...domain.projections.tasks import TaskState
from ...domain.search import Query as TaskQuery
from ...domain.search import filtered, parse_query
from ...domain.search.lexer import MOST_CHARACTERS
from .gate import Answer
from .inputs import Query
from .parts import ApiParts
from .render_tasks import render_searched, render_task_detail, render_tasks
from .route import IN_PROJECT, Route, project_of

FILTERS = ("state", "name", "engine", "queue", "worker", "q", "since", "until")

QUERY = Text(MOST_CHARACTERS)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def tasks(request: web.Request, _: Caller) -> Answer:
        query = Query(request, *FILTERS, "limit", "cursor")
        where = _where(query, parts.clock.now())
        project = project_of(request)
        page = await parts.queries.tasks(project, where, cursor=query.cursor(), limit=query.limit())
        lost = await parts.queries.lost(project, page.tasks)
        return Answer(
            {
                "tasks": render_tasks(page.tasks, lost),
                "next_cursor": page.next_cursor,
                "searched": render_searched(page.searched),
            }
        )

    async def task(request: web.Request, _: Caller) -> Answer:
        project, place = project_of(request), request.match_info
        detail = await parts.queries.task(project, place["engine"], place["task_id"])
        lost = await parts.queries.lost(project, [detail.task])
        return Answer(render_task_detail(detail, lost_since=lost.get(detail.task.key)))

    needs = parts.gate.needs
    yield "GET", f"{IN_PROJECT}/tasks", needs(Role.VIEWER, tasks)
    yield "GET", f"{IN_PROJECT}/tasks/{{engine}}/{{task_id:.+}}", needs(Role.VIEWER, task)


def _where(query: Query, now: Instant) -> TaskQuery:
    """`q` in the query language, and the parameters that have names of their own."""
    said = query.text("q", QUERY)
    return parse_query(said or "", now=now) & filtered(
        states=query.choices("state", TaskState),
        name=query.text("name"),
        engine=query.text("engine"),
        queue=query.text("queue"),
        worker=query.text("worker"),
        since=query.instant("since"),
        until=query.instant("until"),
    )
