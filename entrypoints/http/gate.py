"""Who may do what: each path says what it needs, and the gate sees to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web
from aiohttp.typedefs import Handler

from ...domain.access import Caller, Project, Role
from ...domain.errors import Forbidden, NotFound
from ...domain.services.projects import Projects
from ...ports.codec import Codec
from .identify import Identify
from .route import PROJECT


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler has to say: a JSON body, or none, and a status."""

    body: Mapping[str, Any] | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


GuardedHandler: TypeAlias = Callable[[web.Request, Caller], Awaitable[Answer]]
OpenHandler: TypeAlias = Callable[[web.Request], Awaitable[Answer]]


class Gate:
    """Turns handlers into ones that aiohttp calls: authenticated, authorised, answered as JSON."""

    def __init__(self, *, identify: Identify, projects: Projects, codec: Codec) -> None:
        self._identify = identify
        self._projects = projects
        self._codec = codec

    def open(self, handler: OpenHandler) -> Handler:
        """Everybody may."""

        async def answered(request: web.Request) -> web.Response:
            return self._rendered(await handler(request))

        return answered

    def known(self, handler: GuardedHandler) -> Handler:
        """Whoever is known may; the handler looks further."""

        async def answered(request: web.Request) -> web.Response:
            return self._rendered(await handler(request, await self._identify.caller(request)))

        return answered

    def instance(self, handler: GuardedHandler) -> Handler:
        """Instance administrators may."""

        async def answered(request: web.Request) -> web.Response:
            caller = await self._identify.caller(request)
            if not caller.instance_admin:
                raise Forbidden("This takes an instance administrator.")
            return self._rendered(await handler(request, caller))

        return answered

    def needs(self, role: Role, handler: GuardedHandler) -> Handler:
        """Callers with this role in the project of the path may, and with the ones above it."""

        async def answered(request: web.Request) -> web.Response:
            caller = await self._identify.caller(request)
            request[PROJECT] = await self._entered(request.match_info["slug"], caller, role)
            return self._rendered(await handler(request, caller))

        return answered

    async def everywhere(self, request: web.Request) -> None:
        """For what tells of all projects. Raises Unauthenticated, Throttled, Forbidden."""
        caller = await self._identify.caller(request)
        if not caller.reads_everything:
            raise Forbidden("This takes an API key for every project, or an administrator.")

    def check_origin(self, request: web.Request) -> None:
        """For upgrades: no page of another site may use a cookie. Raises Forbidden."""
        self._identify.check_socket(request)

    async def check(self, request: web.Request, slugs: Iterable[str] = ()) -> None:
        """Whether the caller still is one, and may read these projects.

        A WebSocket asks again with the request it began with. Raises Unauthenticated, Throttled,
        Forbidden, NotFound.
        """
        caller = await self._identify.caller(request)
        for slug in slugs:
            await self._entered(slug, caller, Role.VIEWER)

    async def readable(self, request: web.Request, slug: str) -> Project:
        """A project that the caller may read. Raises Unauthenticated, Forbidden, NotFound."""
        return await self._entered(slug, await self._identify.caller(request), Role.VIEWER)

    async def _entered(self, slug: str, caller: Caller, needed: Role) -> Project:
        """Raises Forbidden, and NotFound for those without a role: to them it does not exist."""
        project = await self._projects.one(slug)
        role = caller.role_in(project.id)
        if role is None:
            raise NotFound(f"There is no project {slug!r}.")
        if not role.allows(needed):
            raise Forbidden(
                f"This takes the role {needed}; {caller.name!r} is {role} of this project.",
                needed=needed.value,
            )
        return project

    def _rendered(self, answer: Answer) -> web.Response:
        headers = {"Cache-Control": "no-store", **answer.headers}
        if answer.body is None:
            return web.Response(status=answer.status, headers=headers)
        return web.Response(
            status=answer.status,
            body=self._codec.dumps(answer.body),
            content_type="application/json",
            headers=headers,
        )
