"""Users, for instance administrators."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import MAX_NAME
from ...domain.actions.fields import Flag, Parameter, Text
from ...domain.ids import UserId
from ...domain.services.users import NewUser
from .endpoint import Access, Answer, Endpoint, Route, body_of, caller_of
from .kinds import USERNAME, NewPassword
from .parts import ApiParts
from .render_accounts import render_user
from .schema import page_of
from .schema_accounts import USER

NAME = Parameter("name", Text(MAX_NAME))

LIST = Endpoint(
    method="GET",
    path="/users",
    summary="All users",
    tag="users",
    needs=Access.INSTANCE,
    answers={200: page_of("users", USER)},
)
CREATE = Endpoint(
    method="POST",
    path="/users",
    summary="Make a user",
    tag="users",
    needs=Access.INSTANCE,
    body=(
        Parameter("username", USERNAME, required=True),
        Parameter("password", NewPassword(), required=True),
        NAME,
        Parameter("instance_admin", Flag(), default=False),
    ),
    answers={201: USER},
    errors=(409,),
)
CHANGE = Endpoint(
    method="PATCH",
    path="/users/{user_id}",
    summary="Change, disable or enable a user",
    tag="users",
    needs=Access.INSTANCE,
    body=(
        NAME,
        Parameter("instance_admin", Flag()),
        Parameter("disabled", Flag()),
        Parameter("password", NewPassword()),
    ),
    answers={200: USER},
    errors=(409,),
)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def users(_: web.Request) -> Answer:
        found = [render_user(each) for each in await parts.users.all()]
        return Answer({"users": found, "next_cursor": None})

    async def create(request: web.Request) -> Answer:
        new = NewUser(**body_of(request))
        return Answer(
            render_user(await parts.users.create(new, caller_of(request).actor)), status=201
        )

    async def change(request: web.Request) -> Answer:
        """A new password, and being disabled, end the user's sessions."""
        user_id, actor = UserId(request.match_info["user_id"]), caller_of(request).actor
        body = body_of(request)
        named = {name: body[name] for name in ("name", "instance_admin")}
        changes = {name: value for name, value in named.items() if value is not None}
        user = await parts.users.change(user_id, actor, changes)
        if body["disabled"] is not None:
            act = parts.users.disable if body["disabled"] else parts.users.enable
            user = await act(user_id, actor)
        if body["password"] is not None:
            user = await parts.users.set_password(user_id, body["password"], actor)
        return Answer(render_user(user))

    yield LIST, users
    yield CREATE, create
    yield CHANGE, change
