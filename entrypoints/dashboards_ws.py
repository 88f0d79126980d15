"""`/ws/dashboard`: live changes of projects for the web dashboard and other readers.

The client sends `{"subscribe": {"project": slug, "topics": […], "rows": true}}`; the brain answers with
a snapshot and goes on with numbered deltas. Whoever misses a version subscribes again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from ..domain.canonical import parse_exact
from ..domain.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    StoreUnavailable,
    TaskdeckError,
    Throttled,
    Unauthenticated,
)
from ..domain.feed import Interest, interest_of
from ..domain.ids import ProjectId
from ..domain.services.dashboards import Dashboards
from ..ports.codec import Codec
from .dashboard_messages import DashboardMessages
from .http.gate import Gate

PATH = "/ws/dashboard"
HEARTBEAT_SECONDS = 30
SEND_SECONDS = 10
"""A browser that takes nothing for so long is let go of."""
CLOSE_SECONDS = 2
RIGHTS_SECONDS = 10
"""How often it is asked again whether the caller may still read."""
MOST_BYTES = 4_096
MOST_PROJECTS = 8
MOST_MESSAGES = 100
"""Of a client between two looks at its rights. Each subscription reads a snapshot."""
MOST_SOCKETS = 64
"""Of one user or key on this replica."""
FULL_SECONDS = 10
LOGGED_OUT, FORBIDDEN = 4401, 4403


def add_dashboard_socket(
    app: web.Application, dashboards: Dashboards, gate: Gate, codec: Codec
) -> None:
    """Serve live changes."""

    open_sockets: dict[web.WebSocketResponse, str] = {}
    texts = DashboardMessages(codec)

    async def connect(request: web.Request) -> web.WebSocketResponse:
        gate.check_socket(request)
        actor = (await gate.caller(request)).actor
        if list(open_sockets.values()).count(actor) >= MOST_SOCKETS:
            raise Throttled(
                f"There are {MOST_SOCKETS} dashboards of yours already. Close some.",
                retry_after=FULL_SECONDS,
            )
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS, max_msg_size=MOST_BYTES, compress=False
        )
        open_sockets[socket] = actor
        try:
            await socket.prepare(request)
            await _Dashboard(request, socket, dashboards, gate, texts).serve()
        finally:
            del open_sockets[socket]
        return socket

    async def close_all(_: web.Application) -> None:
        async with asyncio.TaskGroup() as group:
            for socket in list(open_sockets):
                group.create_task(_close(socket, WSCloseCode.GOING_AWAY, b"shutting down"))

    app.router.add_get(PATH, connect)
    app.on_shutdown.append(close_all)


class _Dashboard:
    """One socket and what it follows, a task a project."""

    def __init__(
        self,
        request: web.Request,
        socket: web.WebSocketResponse,
        dashboards: Dashboards,
        gate: Gate,
        texts: DashboardMessages,
    ) -> None:
        self._request = request
        self._socket = socket
        self._dashboards = dashboards
        self._gate = gate
        self._texts = texts
        self._following: dict[str, asyncio.Task[None]] = {}
        self._messages = 0
        """Since the last look at its rights."""

    async def serve(self) -> None:
        watch = asyncio.create_task(self._or_close(self._watch_rights))
        try:
            async for message in self._socket:
                self._messages += 1
                if self._messages > MOST_MESSAGES:
                    await self._close(WSCloseCode.POLICY_VIOLATION, b"too many messages")
                elif message.type is WSMsgType.TEXT:
                    await self._take(message.data)
        finally:
            tasks = [watch, *self._following.values()]
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end

    async def _or_close(self, work: Callable[[], Awaitable[None]]) -> None:
        """Nobody may go on looking at an old picture, or with rights that nobody asks for."""
        try:
            await work()
        except Exception:
            await self._close(WSCloseCode.INTERNAL_ERROR, b"the brain failed")
            raise

    async def _close(self, code: int, reason: bytes) -> None:
        await _close(self._socket, code, reason)

    async def _take(self, text: str) -> None:
        try:
            match parse_exact(text.encode()):
                case {"subscribe": {"project": str(slug), **wanted}}:
                    await self._subscribe(slug, interest_of(wanted))
                case {"unsubscribe": {"project": str(slug)}}:
                    self._unsubscribe(slug)
                case {"ping": _}:
                    await self._say({"type": "pong"})
                case _:
                    raise InvalidInput('say {"subscribe": {"project": slug}}')
        except TaskdeckError as error:
            await self._tell(error)
        except (ValueError, RecursionError):
            await self._tell(InvalidInput("this is not JSON"))

    async def _subscribe(self, slug: str, interest: Interest) -> None:
        """Begin, or begin again with a snapshot."""
        self._unsubscribe(slug)
        if len(self._following) >= MOST_PROJECTS:
            raise InvalidInput(f"follow at most {MOST_PROJECTS} projects over one socket")
        project = await self._gate.readable(self._request, slug)
        self._following[slug] = asyncio.create_task(
            self._or_close(partial(self._follow, slug, project.id, interest))
        )

    def _unsubscribe(self, slug: str) -> None:
        task = self._following.pop(slug, None)
        if task is not None:
            task.cancel()

    async def _follow(self, slug: str, project_id: ProjectId, interest: Interest) -> None:
        while True:
            try:
                async with self._dashboards.follow(project_id, interest) as messages:
                    async for message in messages:
                        await self._send(self._texts.of(slug, message))
            except StoreUnavailable as error:
                await self._tell(error)
                await asyncio.sleep(1)

    async def _watch_rights(self) -> None:
        """Close the socket once the caller is logged out or may not read any more."""
        while True:
            await asyncio.sleep(RIGHTS_SECONDS)
            self._messages = 0
            try:
                await self._gate.check_still(self._request, list(self._following))
            except Unauthenticated:
                await self._close(LOGGED_OUT, b"log in again")
            except (Forbidden, NotFound):
                await self._close(FORBIDDEN, b"not allowed any more")
            except StoreUnavailable:
                continue

    async def _tell(self, error: TaskdeckError) -> None:
        await self._say({"type": "error", "code": error.code, "message": error.message})

    async def _say(self, message: Mapping[str, Any]) -> None:
        await self._send(self._texts.plain(message))

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._socket.send_str(text)
        except TimeoutError:
            await self._close(WSCloseCode.TRY_AGAIN_LATER, b"too slow")
        except ConnectionError:
            """The socket is gone, and the reading of it ends by itself."""


async def _close(socket: web.WebSocketResponse, code: int, reason: bytes) -> None:
    """A browser that does not answer is not waited for long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await socket.close(code=code, message=reason)
