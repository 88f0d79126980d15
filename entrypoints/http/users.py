"""Users, for instance administrators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aiohttp import web

from ...domain.access import Caller
from ...domain.access.names import MAX_PASSWORD, checked_length
from ...domain.actions.fields import Flag, Text
from ...domain.ids import UserId
from ...domain.services.users import NewUser
from .gate import Answer
from .inputs import Body, Query, read_body
from .parts import ApiParts
from .projects import NAME
from .render_accounts import render_user
from .route import Route

PASSWORD = Text(MAX_PASSWORD)
USERNAME = Text(64)


class NewPassword:
    """A `Kind`: refused here if it is too short, before anything else of the request is done."""

    def check(self, value: Any, path: str) -> str:
        return checked_length(PASSWORD.check(value, path), path)


NEW_PASSWORD = NewPassword()


def routes(parts: ApiParts) -> Iterator[Route]:
    async def users(request: web.Request, _: Caller) -> Answer:
        Query(request)
        found = [render_user(each) for each in await parts.users.all()]
        return Answer({"users": found, "next_cursor": None})

    async def create(request: web.Request, caller: Caller) -> Answer:
        body = await read_body(request, "username", "password", "name", "instance_admin")
        admin = body.optional("instance_admin", Flag(), default=False)
        created = await parts.users.create(new_user(body, instance_admin=admin), caller.actor)
        return Answer(render_user(created), status=201)

    async def change(request: web.Request, caller: Caller) -> Answer:
        user_id = UserId(request.match_info["user_id"])
        body = await read_body(request, "name", "instance_admin", "disabled", "password")
        given = {
            "name": body.optional("name", NAME),
            "instance_admin": body.optional("instance_admin", Flag()),
        }
        disabled = body.optional("disabled", Flag())
        password = body.optional("password", NEW_PASSWORD)
        changes = {field: value for field, value in given.items() if value is not None}
        user = await parts.users.change(user_id, caller.actor, changes)
        if disabled is not None:
            act = parts.users.disable if disabled else parts.users.enable
            user = await act(user_id, caller.actor)
        if password is not None:
            user = await parts.users.set_password(user_id, password, caller.actor)
        return Answer(render_user(user))

    yield "GET", "/users", parts.gate.instance(users)
    yield "POST", "/users", parts.gate.instance(create)
    yield "PATCH", "/users/{user_id}", parts.gate.instance(change)


def new_user(body: Body, *, instance_admin: bool) -> NewUser:
    return NewUser(
        username=body.required("username", USERNAME),
        password=body.required("password", NEW_PASSWORD),
        name=body.optional("name", NAME),
        instance_admin=instance_admin,
    )
