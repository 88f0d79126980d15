"""Log-in, log-out, and who one is."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import Caller, User
from ...domain.errors import Forbidden, Unauthenticated
from ...domain.notices import Notice, Severity
from ...domain.services.logins import LoggedIn
from .attempts import Attempts
from .gate import Answer
from .inputs import read_body
from .parts import ApiParts
from .render_accounts import render_key, render_membership, render_user
from .route import Route
from .users import NEW_PASSWORD, PASSWORD, USERNAME


def routes(parts: ApiParts) -> Iterator[Route]:
    attempts = Attempts(parts.clock)

    async def log_in(request: web.Request) -> Answer:
        parts.identify.check_origin(request)
        body = await read_body(request, "username", "password")
        username = body.required("username", USERNAME)
        password = body.required("password", PASSWORD)
        address = request.remote or ""
        async with attempts.counted(address, username.strip().lower()):
            try:
                opened = await parts.logins.log_in(username, password, address=address)
            except Unauthenticated:
                # Without the name: people type their password there.
                parts.notices.tell(Notice(Severity.WARNING, "login.failed", f"from {address}"))
                raise
        return welcomed(parts, opened)

    async def log_out(request: web.Request, _: Caller) -> Answer:
        token = parts.cookies.token(request)
        if token is not None and "Authorization" not in request.headers:
            await parts.logins.log_out(token)
        return Answer(None, status=204, headers=parts.cookies.taken())

    async def me(request: web.Request, caller: Caller) -> Answer:
        projects = await parts.projects.seen_by(caller)
        slugs = {each.id: each.slug for each in projects}
        token = None if caller.login is None else parts.cookies.token(request)
        return Answer(
            {
                "user": render_user(caller.who) if isinstance(caller.who, User) else None,
                "key": None if isinstance(caller.who, User) else render_key(caller.who, slugs),
                "csrf_token": None if token is None else parts.logins.csrf_token(token),
                "projects": [render_membership(each, caller) for each in projects],
            }
        )

    async def change_password(request: web.Request, caller: Caller) -> Answer:
        """Ends the user's other sessions."""
        user = caller.who
        if not isinstance(user, User):
            raise Forbidden("An API key has no password.")
        body = await read_body(request, "current", "new")
        current, new = body.required("current", PASSWORD), body.required("new", NEW_PASSWORD)
        async with attempts.counted(request.remote or "", user.username):
            await parts.logins.confirm(user, current)
        await parts.users.set_password(user.id, new, caller.actor, keep=caller.login)
        return Answer(None, status=204)

    gate = parts.gate
    yield "POST", "/login", gate.open(log_in)
    yield "POST", "/logout", gate.known(log_out)
    yield "GET", "/me", gate.known(me)
    yield "POST", "/me/password", gate.known(change_password)


def welcomed(parts: ApiParts, opened: LoggedIn, status: int = 200) -> Answer:
    """A session begins: its cookie, and what the page sends along with changes."""
    body = {
        "user": render_user(opened.user),
        "csrf_token": parts.logins.csrf_token(opened.token),
    }
    cookie = parts.cookies.given(opened.token, parts.logins.limits.absolute_seconds)
    return Answer(body, status=status, headers=cookie)
