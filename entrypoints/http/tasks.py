"""Tasks: the list, and one with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aiohttp import web

from ...domain.access import Role
from ...domain.actions.fields import Parameter, Text
from ...domain.events import MAX_TASK_ID
from ...domain.instants import Instant
from ...domain.projections.tasks import TaskState
from ...domain.search import Query as TaskQuery
from ...domain.search import filtered, parse_query
from ...domain.search.cursors import cursor_after, first_or_next
from ...domain.search.lexer import MOST_CHARACTERS
from .endpoint import (
    CURSOR,
    IN_PROJECT,
    LIMIT,
    Answer,
    Endpoint,
    Route,
    project_of,
    query_of,
)
from .kinds import LINE, Choices, Moment, Reported
from .parts import ApiParts
from .render_tasks import render_searched, render_task_detail, render_tasks
from .schema import page_of
from .schema_tasks import SEARCHED, TASK, TASK_DETAIL

FILTERS = (
    Parameter("q", Text(MOST_CHARACTERS)),
    Parameter("state", Choices(TaskState)),
    Parameter("name", LINE),
    Parameter("engine", LINE),
    Parameter("queue", LINE),
    Parameter("worker", LINE),
    Parameter("since", Moment()),
    Parameter("until", Moment()),
)

LIST = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/tasks",
    summary="Tasks, the last to change first",
    tag="tasks",
    needs=Role.VIEWER,
    query=(*FILTERS, LIMIT, CURSOR),
    answers={200: page_of("tasks", TASK, searched=SEARCHED)},
)
ONE = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/tasks/{{engine}}/{{task_id:[\\s\\S]+}}",
    summary="A task with its runs, events, commands and relatives",
    tag="tasks",
    needs=Role.VIEWER,
    answers={200: TASK_DETAIL},
)
ONE_OF_ENGINE = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/tasks/{{engine}}",
    summary="The same of a task whose id no path can carry",
    tag="tasks",
    needs=Role.VIEWER,
    query=(Parameter("task_id", Reported(MAX_TASK_ID), required=True),),
    answers={200: TASK_DETAIL},
)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def tasks(request: web.Request) -> Answer:
        """`q` is in the query language; it and all other filters hold together. `searched` says how
        far back was looked: a page may be short, or empty, and still have a next one."""
        query, project = query_of(request), project_of(request)
        asked_at, place = first_or_next(query["cursor"], now=parts.clock.now())
        where = where_of(query, asked_at)
        page = await parts.queries.tasks(project, where, cursor=place, limit=query["limit"])
        lost = await parts.queries.lost(project, page.tasks)
        return Answer(
            {
                "tasks": render_tasks(page.tasks, lost),
                "next_cursor": cursor_after(page.next_cursor, asked_at=asked_at),
                "searched": render_searched(page.searched),
            }
        )

    async def task(request: web.Request) -> Answer:
        return await shown(request, request.match_info["task_id"])

    async def task_of_engine(request: web.Request) -> Answer:
        """Browsers and proxies take `.` and `..` out of paths, and some decode `%2F`."""
        return await shown(request, query_of(request)["task_id"])

    async def shown(request: web.Request, task_id: str) -> Answer:
        project = project_of(request)
        detail = await parts.queries.task(project, request.match_info["engine"], task_id)
        lost = await parts.queries.lost(project, [detail.task])
        names = await parts.names.of(each.issued_by for each in detail.commands)
        since = lost.get(detail.task.key)
        return Answer(render_task_detail(detail, names, lost_since=since))

    yield LIST, tasks
    yield ONE, task
    yield ONE_OF_ENGINE, task_of_engine


def where_of(query: Mapping[str, Any], now: Instant) -> TaskQuery:
    """What all of `FILTERS` say together. Raises InvalidInput."""
    return parse_query(query["q"] or "", now=now) & filtered(
        states=query["state"],
        name=query["name"],
        engine=query["engine"],
        queue=query["queue"],
        worker=query["worker"],
        since=query["since"],
        until=query["until"],
    )
