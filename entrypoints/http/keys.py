"""API keys."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import Caller, Project, Role
from ...domain.actions.fields import Text
from ...domain.errors import Forbidden, NotFound
from ...domain.ids import KeyId
from ...domain.services.keys import administers
from .gate import Answer
from .inputs import Body, Query, read_body
from .parts import ApiParts
from .projects import NAME
from .render_accounts import render_key
from .route import Route


def routes(parts: ApiParts) -> Iterator[Route]:
    async def keys(request: web.Request, caller: Caller) -> Answer:
        """Those that the caller may revoke."""
        Query(request)
        slugs = await parts.projects.slugs()
        found = [render_key(each, slugs) for each in await parts.keys.seen_by(caller)]
        return Answer({"keys": found, "next_cursor": None})

    async def create(request: web.Request, caller: Caller) -> Answer:
        """The key in the answer cannot be read again."""
        body = await read_body(request, "name", "role", "project", "expires_at")
        created = await parts.keys.create(
            body.required("name", NAME),
            body.choice("role", Role),
            caller.actor,
            project=await project_for(caller, body),
            expires_at=body.instant("expires_at"),
        )
        record = render_key(created.record, await parts.projects.slugs())
        return Answer({"key": created.key, "record": record}, status=201)

    async def revoke(request: web.Request, caller: Caller) -> Answer:
        key_id = KeyId(request.match_info["id"])
        if not administers(caller, await parts.keys.one(key_id)):
            raise NotFound(f"There is no API key {key_id}.")
        revoked = await parts.keys.revoke(key_id, caller.actor)
        return Answer(render_key(revoked, await parts.projects.slugs()))

    async def project_for(caller: Caller, body: Body) -> Project | None:
        """Where the new key holds. Raises Forbidden, NotFound."""
        slug = body.optional("project", Text(64))
        if slug is None:
            if not caller.instance_admin:
                raise Forbidden("A key for every project takes an instance administrator.")
            return None
        project = await parts.projects.one(slug)
        match caller.role_in(project.id):
            case None:
                raise NotFound(f"There is no project {slug!r}.")
            case Role.ADMIN:
                return project
            case role:
                raise Forbidden(f"Keys take the role admin; {caller.name!r} is {role} there.")

    yield "GET", "/keys", parts.gate.known(keys)
    yield "POST", "/keys", parts.gate.known(create)
    yield "DELETE", "/keys/{id}", parts.gate.known(revoke)
