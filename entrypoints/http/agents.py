"""Agents: minted, rotated, revoked."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import MAX_NAME, Caller, Role
from ...domain.actions.fields import Text, Whole
from ...domain.ids import AgentId
from ...domain.services.agents import DAY_SECONDS, MAX_OVERLAP_SECONDS
from .gate import Answer
from .inputs import Query, read_body
from .parts import ApiParts
from .render_accounts import render_agent, render_minted
from .route import IN_PROJECT, Route, project_of

IN_AGENTS = f"{IN_PROJECT}/agents"
OVERLAP = Whole(0, MAX_OVERLAP_SECONDS)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def agents(request: web.Request, _: Caller) -> Answer:
        Query(request)
        found = await parts.agents.all_of(project_of(request))
        return Answer({"agents": [render_agent(each) for each in found], "next_cursor": None})

    async def mint(request: web.Request, caller: Caller) -> Answer:
        """The secrets in the answer cannot be read again."""
        body = await read_body(request, "name")
        name = body.required("name", Text(MAX_NAME))
        minted = await parts.agents.mint(project_of(request), name, caller.actor)
        return Answer(render_minted(minted), status=201)

    async def rotate(request: web.Request, caller: Caller) -> Answer:
        """A second token; the secrets in the answer cannot be read again."""
        body = await read_body(request, "overlap_seconds", empty=True)
        overlap = body.optional("overlap_seconds", OVERLAP, DAY_SECONDS)
        minted = await parts.agents.rotate(
            project_of(request),
            AgentId(request.match_info["id"]),
            caller.actor,
            overlap_seconds=overlap,
        )
        return Answer(render_minted(minted), status=201)

    async def revoke(request: web.Request, caller: Caller) -> Answer:
        agent_id = AgentId(request.match_info["id"])
        agent = await parts.agents.revoke(project_of(request), agent_id, caller.actor)
        await parts.sessions.revoke(agent_id)
        return Answer(render_agent(agent))

    needs = parts.gate.needs
    yield "GET", IN_AGENTS, needs(Role.VIEWER, agents)
    yield "POST", IN_AGENTS, needs(Role.ADMIN, mint)
    yield "POST", f"{IN_AGENTS}/{{id}}/tokens", needs(Role.ADMIN, rotate)
    yield "DELETE", f"{IN_AGENTS}/{{id}}", needs(Role.ADMIN, revoke)
