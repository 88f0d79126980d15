"""Agents: minted, rotated, revoked."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import MAX_NAME, Role
from ...domain.actions.fields import Parameter, Text, Whole
from ...domain.ids import AgentId
from ...domain.services.agents import DAY_SECONDS, MAX_OVERLAP_SECONDS
from .endpoint import IN_PROJECT, Answer, Endpoint, Route, body_of, caller_of, project_of
from .parts import ApiParts
from .render_accounts import render_agent, render_minted
from .schema import page_of
from .schema_accounts import AGENT, MINTED

IN_AGENTS = f"{IN_PROJECT}/agents"

LIST = Endpoint(
    method="GET",
    path=IN_AGENTS,
    summary="The agents of a project",
    tag="agents",
    needs=Role.VIEWER,
    answers={200: page_of("agents", AGENT)},
)
MINT = Endpoint(
    method="POST",
    path=IN_AGENTS,
    summary="Make an agent",
    tag="agents",
    needs=Role.ADMIN,
    body=(Parameter("name", Text(MAX_NAME), required=True),),
    answers={201: MINTED},
    errors=(409,),
)
ROTATE = Endpoint(
    method="POST",
    path=f"{IN_AGENTS}/{{id}}/tokens",
    summary="Give an agent a second token",
    tag="agents",
    needs=Role.ADMIN,
    body=(Parameter("overlap_seconds", Whole(0, MAX_OVERLAP_SECONDS), default=DAY_SECONDS),),
    answers={201: MINTED},
    errors=(409,),
)
REVOKE = Endpoint(
    method="DELETE",
    path=f"{IN_AGENTS}/{{id}}",
    summary="Revoke an agent and end its sessions",
    tag="agents",
    needs=Role.ADMIN,
    answers={200: AGENT},
)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def agents(request: web.Request) -> Answer:
        found = await parts.agents.all_of(project_of(request))
        return Answer({"agents": [render_agent(each) for each in found], "next_cursor": None})

    async def mint(request: web.Request) -> Answer:
        """The secrets in the answer cannot be read again."""
        name, actor = body_of(request)["name"], caller_of(request).actor
        minted = await parts.agents.mint(project_of(request), name, actor)
        return Answer(render_minted(minted), status=201)

    async def rotate(request: web.Request) -> Answer:
        """The old token works for `overlap_seconds` more. The secrets in the answer cannot be read
        again."""
        minted = await parts.agents.rotate(
            project_of(request),
            AgentId(request.match_info["id"]),
            caller_of(request).actor,
            overlap_seconds=body_of(request)["overlap_seconds"],
        )
        return Answer(render_minted(minted), status=201)

    async def revoke(request: web.Request) -> Answer:
        agent_id, actor = AgentId(request.match_info["id"]), caller_of(request).actor
        agent = await parts.agents.revoke(project_of(request), agent_id, actor)
        await parts.sessions.revoke(agent_id)
        return Answer(render_agent(agent))

    yield LIST, agents
    yield MINT, mint
    yield ROTATE, rotate
    yield REVOKE, revoke
