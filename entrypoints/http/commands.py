"""Commands: issued, watched, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import Caller, Role
from ...domain.actions import OrderRequest
from ...domain.actions.fields import Text, Whole
from ...domain.actions.orders import DEFAULT_TIMEOUT_SECONDS, MAX_TIMEOUT_SECONDS
from ...domain.commands import CommandStatus
from ...domain.ids import CommandId
from .gate import Answer
from .inputs import Body, Query, read_body
from .parts import ApiParts
from .render_commands import render_command, render_issued
from .route import IN_PROJECT, Route, project_of

ORDER_TEXTS = ("engine", "agent_id", "worker_id", "task_id", "idempotency_key")
ORDER_FIELDS = ("action", *ORDER_TEXTS, "parameters", "timeout_seconds")
LINE = Text(200)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def commands(request: web.Request, _: Caller) -> Answer:
        query = Query(request, "status", "task_id", "limit", "cursor")
        page = await parts.queries.commands(
            project_of(request),
            statuses=query.choices("status", CommandStatus),
            task_id=query.text("task_id"),
            cursor=query.cursor(),
            limit=query.limit(),
        )
        return Answer(
            {
                "commands": [render_command(each) for each in page.commands],
                "next_cursor": page.next_cursor,
            }
        )

    async def issue(request: web.Request, caller: Caller) -> Answer:
        project = project_of(request)
        order = _order(await read_body(request, *ORDER_FIELDS))
        issued = await parts.commands.issue(project, order, caller.actor)
        return Answer(render_issued(issued), status=202)

    async def command(request: web.Request, _: Caller) -> Answer:
        project = project_of(request)
        found = await parts.queries.command(project, CommandId(request.match_info["id"]))
        return Answer(render_command(found))

    async def cancel(request: web.Request, caller: Caller) -> Answer:
        project = project_of(request)
        command_id = CommandId(request.match_info["id"])
        cancelled = await parts.commands.cancel(project, command_id, caller.actor)
        return Answer(render_command(cancelled))

    needs = parts.gate.needs
    yield "GET", f"{IN_PROJECT}/commands", needs(Role.VIEWER, commands)
    yield "POST", f"{IN_PROJECT}/commands", needs(Role.OPERATOR, issue)
    yield "GET", f"{IN_PROJECT}/commands/{{id}}", needs(Role.VIEWER, command)
    yield "POST", f"{IN_PROJECT}/commands/{{id}}/cancel", needs(Role.OPERATOR, cancel)


def _order(body: Body) -> OrderRequest:
    texts = {name: body.optional(name, LINE) for name in ORDER_TEXTS}
    return OrderRequest(
        action=body.required("action", LINE),
        parameters=body.mapping("parameters"),
        timeout_seconds=body.optional(
            "timeout_seconds", Whole(1, MAX_TIMEOUT_SECONDS), DEFAULT_TIMEOUT_SECONDS
        ),
        **texts,
    )
