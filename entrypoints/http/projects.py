"""Projects and their members."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import MAX_NAME, Role
from ...domain.actions.fields import Parameter, Text
from ...domain.ids import UserId
from .endpoint import IN_PROJECT, Access, Answer, Endpoint, Route, body_of, caller_of, project_of
from .kinds import Choice
from .parts import ApiParts
from .render_accounts import render_member, render_project
from .schema import list_of, object_of, page_of
from .schema_accounts import MEMBER, PROJECT

NAME = Parameter("name", Text(MAX_NAME), required=True)
IN_MEMBERS = f"{IN_PROJECT}/members"

LIST = Endpoint(
    method="GET",
    path="/projects",
    summary="The projects in which the caller has a role",
    tag="projects",
    needs=Access.KNOWN,
    answers={200: page_of("projects", PROJECT)},
)
CREATE = Endpoint(
    method="POST",
    path="/projects",
    summary="Make a project",
    tag="projects",
    needs=Access.INSTANCE,
    body=(Parameter("slug", Text(64), required=True), NAME),
    answers={201: PROJECT},
    errors=(409,),
)
ONE = Endpoint(
    method="GET",
    path=IN_PROJECT,
    summary="A project",
    tag="projects",
    needs=Role.VIEWER,
    answers={200: PROJECT},
)
RENAME = Endpoint(
    method="PATCH",
    path=IN_PROJECT,
    summary="Rename a project",
    tag="projects",
    needs=Role.ADMIN,
    body=(NAME,),
    answers={200: PROJECT},
    errors=(409,),
)
MEMBERS = Endpoint(
    method="GET",
    path=IN_MEMBERS,
    summary="The users who have a role in a project",
    tag="members",
    needs=Role.ADMIN,
    answers={200: object_of(members=list_of(MEMBER))},
)
GRANT = Endpoint(
    method="PUT",
    path=f"{IN_MEMBERS}/{{user_id}}",
    summary="Give a user a role in a project",
    tag="members",
    needs=Role.ADMIN,
    body=(Parameter("role", Choice(Role), required=True),),
    answers={200: MEMBER},
    errors=(409,),
)
WITHDRAW = Endpoint(
    method="DELETE",
    path=f"{IN_MEMBERS}/{{user_id}}",
    summary="Take a user's role in a project away",
    tag="members",
    needs=Role.ADMIN,
    answers={204: None},
    errors=(409,),
)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def projects(request: web.Request) -> Answer:
        found = await parts.projects.seen_by(caller_of(request))
        return Answer({"projects": [render_project(each) for each in found], "next_cursor": None})

    async def create(request: web.Request) -> Answer:
        body, actor = body_of(request), caller_of(request).actor
        created = await parts.projects.create(body["slug"], body["name"], actor)
        return Answer(render_project(created), status=201)

    async def project(request: web.Request) -> Answer:
        return Answer(render_project(project_of(request)))

    async def rename(request: web.Request) -> Answer:
        name, actor = body_of(request)["name"], caller_of(request).actor
        renamed = await parts.projects.rename(project_of(request).slug, name, actor)
        return Answer(render_project(renamed))

    async def members(request: web.Request) -> Answer:
        """Instance administrators are in every project without being listed."""
        found = await parts.users.members(project_of(request))
        return Answer({"members": [render_member(user, role) for user, role in found]})

    async def grant(request: web.Request) -> Answer:
        """The user by id or by username."""
        role, actor = body_of(request)["role"], caller_of(request).actor
        meant = await parts.users.meant(request.match_info["user_id"])
        user = await parts.users.grant(project_of(request), meant.id, role, actor)
        return Answer(render_member(user, role))

    async def withdraw(request: web.Request) -> Answer:
        user_id, actor = UserId(request.match_info["user_id"]), caller_of(request).actor
        await parts.users.withdraw(project_of(request), user_id, actor)
        return Answer(None, status=204)

    yield LIST, projects
    yield CREATE, create
    yield ONE, project
    yield RENAME, rename
    yield MEMBERS, members
    yield GRANT, grant
    yield WITHDRAW, withdraw
