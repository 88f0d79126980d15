"""The first user."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.actions.fields import Parameter
from ...domain.services.users import NewUser
from .attempts import Attempts
from .endpoint import Access, Answer, Endpoint, Route, body_of
from .entrance import welcomed
from .kinds import PASSWORD, USERNAME, NewPassword
from .parts import ApiParts
from .schema import FLAG, object_of
from .schema_accounts import WELCOME

STATE = Endpoint(
    method="GET",
    path="/setup",
    summary="Whether the first user is still to be made",
    tag="session",
    needs=Access.OPEN,
    answers={200: object_of(open=FLAG)},
)
SET_UP = Endpoint(
    method="POST",
    path="/setup",
    summary="Make the first user and log them in",
    tag="session",
    needs=Access.OPEN,
    body=(
        Parameter("token", PASSWORD, required=True),
        Parameter("username", USERNAME, required=True),
        Parameter("password", NewPassword(), required=True),
    ),
    answers={201: WELCOME},
    errors=(401, 403, 409, 429),
)


def routes(parts: ApiParts) -> Iterator[Route]:
    attempts = Attempts(parts.clock)

    async def state(_: web.Request) -> Answer:
        return Answer({"open": await parts.users.setup_is_open()})

    async def set_up(request: web.Request) -> Answer:
        """Takes the token of the link that the brain printed."""
        parts.identify.check_origin(request)
        body = body_of(request)
        new = NewUser(username=body["username"], password=body["password"], instance_admin=True)
        async with attempts.counted(request.remote or ""):
            user = await parts.users.set_up(body["token"], new)
        opened = await parts.logins.open(user, address=request.remote or "")
        return welcomed(parts, opened, status=201)

    yield STATE, state
    yield SET_UP, set_up
