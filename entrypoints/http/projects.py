"""Projects and their members."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import MAX_NAME, Caller, Role
from ...domain.actions.fields import Text
from ...domain.ids import UserId
from .gate import Answer
from .inputs import Query, read_body
from .parts import ApiParts
from .render_accounts import render_member, render_project
from .route import IN_PROJECT, Route, project_of

NAME = Text(MAX_NAME)
IN_MEMBERS = f"{IN_PROJECT}/members"


def routes(parts: ApiParts) -> Iterator[Route]:
    async def projects(request: web.Request, caller: Caller) -> Answer:
        """Those in which the caller has a role."""
        Query(request)
        found = await parts.projects.seen_by(caller)
        return Answer({"projects": [render_project(each) for each in found], "next_cursor": None})

    async def create(request: web.Request, caller: Caller) -> Answer:
        body = await read_body(request, "slug", "name")
        slug, name = body.required("slug", Text(64)), body.required("name", NAME)
        created = await parts.projects.create(slug, name, caller.actor)
        return Answer(render_project(created), status=201)

    async def project(request: web.Request, _: Caller) -> Answer:
        return Answer(render_project(project_of(request)))

    async def rename(request: web.Request, caller: Caller) -> Answer:
        body = await read_body(request, "name")
        name = body.required("name", NAME)
        renamed = await parts.projects.rename(project_of(request).slug, name, caller.actor)
        return Answer(render_project(renamed))

    async def members(request: web.Request, _: Caller) -> Answer:
        """Instance administrators are in every project without being listed."""
        Query(request)
        found = await parts.users.members(project_of(request))
        return Answer({"members": [render_member(user, role) for user, role in found]})

    async def grant(request: web.Request, caller: Caller) -> Answer:
        """The user by id or by username."""
        body = await read_body(request, "role")
        role = body.choice("role", Role)
        meant = await parts.users.meant(request.match_info["user_id"])
        user = await parts.users.grant(project_of(request), meant.id, role, caller.actor)
        return Answer(render_member(user, role))

    async def withdraw(request: web.Request, caller: Caller) -> Answer:
        user_id = UserId(request.match_info["user_id"])
        await parts.users.withdraw(project_of(request), user_id, caller.actor)
        return Answer(None, status=204)

    gate = parts.gate
    yield "GET", "/projects", gate.known(projects)
    yield "POST", "/projects", gate.instance(create)
    yield "GET", IN_PROJECT, gate.needs(Role.VIEWER, project)
    yield "PATCH", IN_PROJECT, gate.needs(Role.ADMIN, rename)
    yield "GET", IN_MEMBERS, gate.needs(Role.ADMIN, members)
    yield "PUT", f"{IN_MEMBERS}/{{user_id}}", gate.needs(Role.ADMIN, grant)
    yield "DELETE", f"{IN_MEMBERS}/{{user_id}}", gate.needs(Role.ADMIN, withdraw)
