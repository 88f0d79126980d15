"""API keys."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import MAX_NAME, Caller, Project, Role
from ...domain.actions.fields import Parameter, Text
from ...domain.errors import Forbidden, NotFound
from ...domain.ids import KeyId
from ...domain.services.keys import administers
from .endpoint import Access, Answer, Endpoint, Route, body_of, caller_of
from .kinds import Choice, Moment
from .parts import ApiParts
from .render_accounts import render_key
from .schema import page_of
from .schema_accounts import CREATED_KEY, KEY

LIST = Endpoint(
    method="GET",
    path="/keys",
    summary="The API keys that the caller may revoke",
    tag="keys",
    needs=Access.KNOWN,
    answers={200: page_of("keys", KEY)},
)
CREATE = Endpoint(
    method="POST",
    path="/keys",
    summary="Make an API key",
    tag="keys",
    needs=Access.KNOWN,
    body=(
        Parameter("name", Text(MAX_NAME), required=True),
        Parameter("role", Choice(Role), required=True),
        Parameter("project", Text(64)),
        Parameter("expires_at", Moment()),
    ),
    answers={201: CREATED_KEY},
    errors=(404,),
)
REVOKE = Endpoint(
    method="DELETE",
    path="/keys/{id}",
    summary="Revoke an API key",
    tag="keys",
    needs=Access.KNOWN,
    answers={200: KEY},
)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def keys(request: web.Request) -> Answer:
        slugs = await parts.projects.slugs()
        found = [render_key(each, slugs) for each in await parts.keys.seen_by(caller_of(request))]
        return Answer({"keys": found, "next_cursor": None})

    async def create(request: web.Request) -> Answer:
        """Without a project it holds in all of them. The key in the answer cannot be read again."""
        caller, body = caller_of(request), body_of(request)
        created = await parts.keys.create(
            body["name"],
            body["role"],
            caller.actor,
            project=await project_for(caller, body["project"]),
            expires_at=body["expires_at"],
        )
        record = render_key(created.record, await parts.projects.slugs())
        return Answer({"key": created.key, "record": record}, status=201)

    async def revoke(request: web.Request) -> Answer:
        caller, key_id = caller_of(request), KeyId(request.match_info["id"])
        if not administers(caller, await parts.keys.one(key_id)):
            raise NotFound(f"There is no API key {key_id}.")
        revoked = await parts.keys.revoke(key_id, caller.actor)
        return Answer(render_key(revoked, await parts.projects.slugs()))

    async def project_for(caller: Caller, slug: str | None) -> Project | None:
        """Where the new key holds. Raises Forbidden, NotFound."""
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

    yield LIST, keys
    yield CREATE, create
    yield REVOKE, revoke
