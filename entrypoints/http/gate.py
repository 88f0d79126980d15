"""Who may do what: each path says what it needs, and the gate sees to it."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web
from aiohttp.typedefs import Handler as AiohttpHandler

from ...domain.access import Caller, Project, Role
from ...domain.errors import Forbidden, NotFound
from ...domain.services.projects import Projects
from ...ports.codec import Codec
from .caching import NEVER_KEPT, unless_known
from .endpoint import BODY, CALLER, PROJECT, QUERY, Access, Answer, Endpoint, Handler, caller_of
from .identify import Identify
from .inputs import check_path, checked_body, checked_query


class Gate:
    """Turns handlers into ones that aiohttp calls: authenticated, authorised, answered as JSON."""

    def __init__(self, *, identify: Identify, projects: Projects, codec: Codec) -> None:
        self._identify = identify
        self._projects = projects
        self._codec = codec

    def serve(self, endpoint: Endpoint, handler: Handler) -> AiohttpHandler:
        """The handler as aiohttp calls it."""

        async def answered(request: web.Request) -> web.StreamResponse:
            if endpoint.needs is not Access.OPEN:
                request[CALLER] = await self._identify.caller(request)
            check_path(request)
            await self._authorise(request, endpoint.needs)
            request[QUERY] = checked_query(request, endpoint.query)
            if endpoint.body is not None:
                request[BODY] = await checked_body(request, endpoint.body)
            answer = await handler(request)
            return (
                self._rendered(request, endpoint, answer) if isinstance(answer, Answer) else answer
            )

        return answered

    async def _authorise(self, request: web.Request, needs: Access | Role) -> None:
        """Raises Forbidden, NotFound."""
        match needs:
            case Access.OPEN | Access.KNOWN:
                pass
            case Access.INSTANCE:
                if not caller_of(request).instance_admin:
                    raise Forbidden("This takes an instance administrator.")
            case Role():
                slug, caller = request.match_info["slug"], caller_of(request)
                request[PROJECT] = await self._entered(slug, caller, needs)

    async def everywhere(self, request: web.Request) -> None:
        """For what tells of all projects. Raises Unauthenticated, Throttled, Forbidden."""
        caller = await self._identify.caller(request)
        if not caller.reads_everything:
            raise Forbidden("This takes an API key for every project, or an administrator.")

    def check_socket(self, request: web.Request) -> None:
        """For upgrades: no page of another site may use a cookie. Raises Forbidden."""
        self._identify.check_socket(request)

    async def caller(self, request: web.Request) -> Caller:
        """Raises Unauthenticated, Throttled."""
        return await self._identify.caller(request)

    async def check_still(self, request: web.Request, slugs: Iterable[str]) -> None:
        """Whether the caller of a socket's first request still is one and may read these projects.

        Raises Unauthenticated, Forbidden, NotFound.
        """
        caller = await self._identify.still(request)
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

    def _rendered(self, request: web.Request, endpoint: Endpoint, answer: Answer) -> web.Response:
        headers = {"Cache-Control": NEVER_KEPT, **answer.headers}
        if answer.body is None:
            return web.Response(status=answer.status, headers=headers)
        body = self._codec.dumps(answer.body)
        if endpoint.tagged and answer.status == 200:
            return unless_known(request, body, for_all=CALLER not in request)
        return web.Response(
            status=answer.status, body=body, content_type="application/json", headers=headers
        )
