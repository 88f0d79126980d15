"""Log-in, log-out, and who one is."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import User
from ...domain.actions.fields import Parameter
from ...domain.errors import Forbidden, Unauthenticated
from ...domain.notices import Notice, Severity
from ...domain.services.logins import LoggedIn
from .attempts import Attempts
from .endpoint import Access, Answer, Endpoint, Route, body_of, caller_of
from .kinds import PASSWORD, USERNAME, NewPassword
from .parts import ApiParts
from .render_accounts import render_key, render_membership, render_user
from .schema_accounts import ME, WELCOME

LOG_IN = Endpoint(
    method="POST",
    path="/login",
    summary="Log in",
    tag="session",
    needs=Access.OPEN,
    body=(
        Parameter("username", USERNAME, required=True),
        Parameter("password", PASSWORD, required=True),
    ),
    answers={200: WELCOME},
    errors=(401, 403, 429),
)
LOG_OUT = Endpoint(
    method="POST",
    path="/logout",
    summary="Log out",
    tag="session",
    needs=Access.KNOWN,
    answers={204: None},
)
WHO = Endpoint(
    method="GET",
    path="/me",
    summary="Who calls, and the projects in which they have a role",
    tag="session",
    needs=Access.KNOWN,
    answers={200: ME},
    private=True,
)
CHANGE_PASSWORD = Endpoint(
    method="POST",
    path="/me/password",
    summary="Change one's password",
    tag="session",
    needs=Access.KNOWN,
    body=(
        Parameter("current", PASSWORD, required=True),
        Parameter("new", NewPassword(), required=True),
    ),
    answers={204: None},
)


def routes(parts: ApiParts) -> Iterator[Route]:
    attempts = Attempts(parts.clock)

    async def log_in(request: web.Request) -> Answer:
        """Sets the session's cookie. Changes made with it need the `csrf_token` in the header
        X-CSRF-Token."""
        parts.identify.check_origin(request)
        username, password = body_of(request)["username"], body_of(request)["password"]
        address = request.remote or ""
        async with attempts.counted(address, username.strip().lower()):
            try:
                opened = await parts.logins.log_in(username, password, address=address)
            except Unauthenticated:
                # Without the name: people type their password there.
                parts.notices.tell(Notice(Severity.WARNING, "login.failed", f"from {address}"))
                raise
        return welcomed(parts, opened)

    async def log_out(request: web.Request) -> Answer:
        token = parts.cookies.token(request)
        if token is not None and "Authorization" not in request.headers:
            await parts.logins.log_out(token)
        return Answer(None, status=204, headers=parts.cookies.taken())

    async def me(request: web.Request) -> Answer:
        caller = caller_of(request)
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

    async def change_password(request: web.Request) -> Answer:
        """Ends the user's other sessions."""
        caller, body = caller_of(request), body_of(request)
        user = caller.who
        if not isinstance(user, User):
            raise Forbidden("An API key has no password.")
        async with attempts.counted(request.remote or "", user.username):
            await parts.logins.confirm(user, body["current"])
        await parts.users.set_password(user.id, body["new"], caller.actor, keep=caller.login)
        return Answer(None, status=204)

    yield LOG_IN, log_in
    yield LOG_OUT, log_out
    yield WHO, me
    yield CHANGE_PASSWORD, change_password


def welcomed(parts: ApiParts, opened: LoggedIn, status: int = 200) -> Answer:
    """A session begins: its cookie, and what the page sends along with changes."""
    body = {
        "user": render_user(opened.user),
        "csrf_token": parts.logins.csrf_token(opened.token),
    }
    cookie = parts.cookies.given(opened.token, parts.logins.limits.absolute_seconds)
    return Answer(body, status=status, headers=cookie)
