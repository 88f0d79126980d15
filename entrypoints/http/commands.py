"""Commands: issued, watched, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import Role
from ...domain.actions import OrderRequest
from ...domain.actions.fields import Json, Parameter, Text, Whole
from ...domain.actions.orders import DEFAULT_TIMEOUT_SECONDS, MAX_TIMEOUT_SECONDS
from ...domain.commands import Command, CommandStatus
from ...domain.ids import CommandId
from .endpoint import (
    CURSOR,
    IN_PROJECT,
    LIMIT,
    Answer,
    Endpoint,
    Route,
    body_of,
    caller_of,
    project_of,
    query_of,
)
from .kinds import LINE, Choices
from .parts import ApiParts
from .render_commands import render_command, render_issued
from .schema import page_of
from .schema_commands import COMMAND, ISSUED

IN_COMMANDS = f"{IN_PROJECT}/commands"
SHORT = Text(200)

LIST = Endpoint(
    method="GET",
    path=IN_COMMANDS,
    summary="Commands, newest first",
    tag="commands",
    needs=Role.VIEWER,
    query=(
        Parameter("status", Choices(CommandStatus)),
        Parameter("task_id", LINE),
        LIMIT,
        CURSOR,
    ),
    answers={200: page_of("commands", COMMAND)},
)
ISSUE = Endpoint(
    method="POST",
    path=IN_COMMANDS,
    summary="Issue a command",
    tag="commands",
    needs=Role.OPERATOR,
    body=(
        Parameter("action", SHORT, required=True),
        Parameter("engine", SHORT),
        Parameter("agent_id", SHORT),
        Parameter("worker_id", SHORT),
        Parameter("task_id", SHORT),
        Parameter("parameters", Json(dict), default={}),
        Parameter("idempotency_key", SHORT),
        Parameter(
            "timeout_seconds", Whole(1, MAX_TIMEOUT_SECONDS), default=DEFAULT_TIMEOUT_SECONDS
        ),
    ),
    answers={202: ISSUED},
    errors=(409,),
)
ONE = Endpoint(
    method="GET",
    path=f"{IN_COMMANDS}/{{id}}",
    summary="A command",
    tag="commands",
    needs=Role.VIEWER,
    answers={200: COMMAND},
)
CANCEL = Endpoint(
    method="POST",
    path=f"{IN_COMMANDS}/{{id}}/cancel",
    summary="Withdraw a command",
    tag="commands",
    needs=Role.OPERATOR,
    answers={200: COMMAND},
    errors=(409,),
)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def commands(request: web.Request) -> Answer:
        query = query_of(request)
        page = await parts.queries.commands(
            project_of(request),
            statuses=query["status"],
            task_id=query["task_id"],
            cursor=query["cursor"],
            limit=query["limit"],
        )
        names = await parts.names.of(each.issued_by for each in page.commands)
        return Answer(
            {
                "commands": [render_command(each, names) for each in page.commands],
                "next_cursor": page.next_cursor,
            }
        )

    async def issue(request: web.Request) -> Answer:
        """What each action takes is checked at once; where it is sent, later. The same
        `idempotency_key` again answers with the first command."""
        order = OrderRequest(**body_of(request))
        issued = await parts.commands.issue(project_of(request), order, caller_of(request).actor)
        names = await parts.names.of([issued.command.issued_by])
        return Answer(render_issued(issued, names), status=202)

    async def command(request: web.Request) -> Answer:
        project = project_of(request)
        found = await parts.queries.command(project, CommandId(request.match_info["id"]))
        return await answered(found)

    async def cancel(request: web.Request) -> Answer:
        """It is not sent any more; a worker that has it already may still do it."""
        project, actor = project_of(request), caller_of(request).actor
        command_id = CommandId(request.match_info["id"])
        return await answered(await parts.commands.cancel(project, command_id, actor))

    async def answered(command: Command) -> Answer:
        return Answer(render_command(command, await parts.names.of([command.issued_by])))

    yield LIST, commands
    yield ISSUE, issue
    yield ONE, command
    yield CANCEL, cancel
