"""`/ws/agent`: authenticates a process, upgrades, and hands the socket over."""

from __future__ import annotations

import base64
import hashlib

from aiohttp import web

from ..domain import close_codes
from ..domain.errors import Refused
from ..domain.services.agent_tokens import Admitted
from .link import AgentLink
from .link_parts import LinkParts

PATH = "/ws/agent"
MAX_TOKEN = 256
_ACCEPT_SALT = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_SWITCHING = (
    b"HTTP/1.1 101 Switching Protocols\r\n"
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %b\r\n\r\n"
)


class HandedOver(web.Response):
    """Stands for an answer that was written by hand: aiohttp has nothing left to send."""

    async def prepare(self, request: web.BaseRequest) -> None:
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        return None


def add_agent_socket(app: web.Application, parts: LinkParts) -> None:
    """Serve agents."""

    async def connect(request: web.Request) -> web.StreamResponse:
        admitted = await _authenticated(request, parts)
        if parts.wheel.full:
            raise web.HTTPServiceUnavailable(
                text="too many handshakes", headers={"Retry-After": "5"}
            )
        return _hand_over(request, parts, admitted)

    app.router.add_get(PATH, connect)


async def _authenticated(request: web.Request, parts: LinkParts) -> Admitted:
    """The agent of the bearer token. Answers 401 without one: agents back off for long (§2.4)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        usable = 0 < len(token) <= MAX_TOKEN and token.isascii()
        if scheme.lower() != "bearer" or not usable:
            raise Refused("No agent token.", close_code=close_codes.UNKNOWN_TOKEN)
        return await parts.tokens.authenticate(token.strip())
    except Refused as error:
        parts.metrics.refused(error.close_code)
        raise web.HTTPUnauthorized(
            text=error.message, headers={"WWW-Authenticate": "Bearer"}
        ) from None


def _hand_over(request: web.Request, parts: LinkParts, admitted: Admitted) -> web.StreamResponse:
    """Answer 101 and put our protocol on the transport; of the request nothing stays behind.

    Leans on three things of aiohttp that are not documented: `RequestHandler.transport`, its
    `_message_tail`, and that a handler whose connection is lost lets everything go.
    """
    accept = _accept_key(request)
    protocol, transport = request.protocol, request.transport
    if transport is None:
        raise web.HTTPBadRequest(text="the connection is gone")
    link = AgentLink(parts, admitted)
    transport.write(_SWITCHING % accept)
    # Bytes that followed the upgrade at once are already with aiohttp.
    early, protocol._message_tail = protocol._message_tail, b""  # noqa: SLF001
    transport.set_protocol(link)
    protocol.transport = None  # otherwise losing the connection would close the socket
    protocol.connection_lost(None)
    link.attach(transport)
    transport.resume_reading()
    if early:
        link.data_received(early)
    return HandedOver(status=101)


def _accept_key(request: web.Request) -> bytes:
    headers = request.headers
    key = headers.get("Sec-WebSocket-Key", "")
    try:
        nonce = base64.b64decode(key, validate=True)
    except ValueError:
        nonce = b""
    wants = headers.get("Upgrade", "").lower() == "websocket"
    if not wants or "upgrade" not in headers.get("Connection", "").lower() or len(nonce) != 16:
        raise web.HTTPBadRequest(text="this path is for agents' WebSockets")
    if headers.get("Sec-WebSocket-Version") != "13":
        raise web.HTTPBadRequest(
            text="WebSocket version 13 only", headers={"Sec-WebSocket-Version": "13"}
        )
    return base64.b64encode(hashlib.sha1(key.encode() + _ACCEPT_SALT).digest())  # noqa: S324
