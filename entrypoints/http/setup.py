"""The first user."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from .attempts import Attempts
from .entrance import welcomed
from .gate import Answer
from .inputs import read_body
from .parts import ApiParts
from .route import Route
from .users import PASSWORD, new_user


def routes(parts: ApiParts) -> Iterator[Route]:
    attempts = Attempts(parts.clock)

    async def state(_: web.Request) -> Answer:
        return Answer({"open": await parts.users.setup_is_open()})

    async def set_up(request: web.Request) -> Answer:
        """Make the first user, with the token of the link that the brain printed."""
        parts.identify.check_origin(request)
        body = await read_body(request, "token", "username", "password")
        token = body.required("token", PASSWORD)
        new = new_user(body, instance_admin=True)
        async with attempts.counted(request.remote or ""):
            user = await parts.users.set_up(token, new)
        opened = await parts.logins.open(user, address=request.remote or "")
        return welcomed(parts, opened, status=201)

    yield "GET", "/setup", parts.gate.open(state)
    yield "POST", "/setup", parts.gate.open(set_up)
