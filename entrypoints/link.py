"""The lean socket of one agent: a protocol on the bare transport, after aiohttp's upgrade.

An aiohttp WebSocket holds a request, a task and parsers for as long as it lives. This keeps a frame
reader and the session, so that ten thousand idle workers cost megabytes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ..domain import close_codes
from ..domain.errors import Refused, StoreUnavailable
from ..domain.faults import render_fault
from ..domain.handshake import MAX_HELLO_BYTES
from ..domain.notices import Notice, Severity
from ..domain.pauses import NO_PAUSE, Pause
from ..domain.services.agent_tokens import Admitted
from ..domain.session_entries import ENDED_BY_WORKER, LOST
from .websocket_frames import BINARY, CLOSE, PING, PONG, TEXT, Fault, FrameError, FrameReader, frame

if TYPE_CHECKING:
    from ..domain.services.slots import OpenSession
    from .link_parts import LinkParts

MOST_UNSENT = 4 * 1024 * 1024
"""Bytes a peer may leave unread; acknowledgements that are thrown away with it are earned again."""
INTERNAL = 1011
TRY_AGAIN_LATER = 1013


class AgentLink(asyncio.Protocol):
    """Satisfies `Connection`. Bytes in, messages to the session; frames out."""

    __slots__ = (
        "_admitted", "_closing", "_farewell", "_opened", "_parts", "_pauses", "_reader", "_transport",
        "_waiting",
    )  # fmt: skip

    def __init__(self, parts: LinkParts, admitted: Admitted) -> None:
        self._parts = parts
        self._admitted: Admitted | None = admitted
        self._reader: FrameReader | None = FrameReader(min(MAX_HELLO_BYTES, parts.max_frame_bytes))
        """None after a fault: what follows cannot be read, and is let pass until the peer is gone.
        To cut it off would take the close code from a peer that is still sending."""
        self._transport: asyncio.Transport | None = None
        self._opened: OpenSession | None = None
        self._waiting: list[bytes] | None = None
        """Messages behind the hello, while the session is being opened."""
        self._pauses = NO_PAUSE
        self._closing = False
        self._farewell = LOST
        """Why the session ends if the connection does."""

    def attach(self, transport: asyncio.Transport) -> None:
        """Take over an upgraded transport."""
        self._transport = transport
        transport.set_write_buffer_limits(high=MOST_UNSENT)
        self._parts.wheel.await_hello(self)

    # asyncio.Protocol

    def data_received(self, data: bytes) -> None:
        if self._reader is None:
            return
        try:
            messages = self._reader.feed(data)
        except FrameError as error:
            self._reader = None
            too_large = error.fault is Fault.TOO_LARGE
            self._refuse(close_codes.MALFORMED if too_large else error.fault, str(error))
            return
        ping: bytes | None = None
        for opcode, payload in messages:
            if opcode == PING:
                ping = payload
            elif not self._closing:
                self._take(opcode, payload)
            elif opcode == CLOSE and self._transport is not None:
                self._transport.close()
        if ping is not None:
            self._pong(ping)

    def eof_received(self) -> None:
        """The peer sends no more: the transport closes."""

    def pause_writing(self) -> None:
        """The peer does not read: let go of it."""
        self._abort()

    def resume_writing(self) -> None:
        """Nothing to do: a peer that let its buffer fill was let go of."""

    def connection_lost(self, exc: Exception | None) -> None:
        self._closing = True
        self._transport = None
        self._parts.wheel.gone(self)
        opened, self._opened = self._opened, None
        if opened is not None:
            self._parts.wheel.start(self._parts.sessions.closed(opened, self._farewell))

    # Connection

    def send(self, frames: list[bytes]) -> None:
        if self._transport is not None and not self._closing:
            self._transport.write(b"".join([frame(TEXT, payload) for payload in frames]))

    def close(self, code: int, reason: str) -> None:
        if self._closing or self._transport is None:
            return
        payload = code.to_bytes(2, "big") + reason.encode()[:123].decode(errors="ignore").encode()
        self._transport.write(frame(CLOSE, payload))
        self.resume_reading(self._pauses)
        self._closing = True
        self._parts.wheel.await_close(self)

    def pause_reading(self, reason: Pause) -> None:
        if self._transport is None or self._closing:
            return
        if not self._pauses:
            self._transport.pause_reading()
        self._pauses |= reason

    def resume_reading(self, reason: Pause) -> None:
        if self._transport is None or self._closing or not self._pauses:
            return
        self._pauses &= ~reason
        if not self._pauses:
            self._transport.resume_reading()

    # Overdue

    def expire(self) -> None:
        """No hello in time, or no end after a close."""
        if self._closing:
            self._abort()
        else:
            self._refuse(close_codes.MALFORMED, "no hello in time")

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode in (TEXT, BINARY):
            self._take_message(payload)
        elif opcode == CLOSE:
            code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else close_codes.NORMAL
            if code in (close_codes.NORMAL, close_codes.GOING_AWAY):
                self._farewell = ENDED_BY_WORKER
            self.close(code, "")
            if self._transport is not None:
                self._transport.close()
        else:
            self._touch()

    def _pong(self, payload: bytes) -> None:
        """Answer the latest ping of a read, which answers those before it (RFC 6455, 5.5.3)."""
        if self._transport is not None and not self._closing:
            self._touch()
            self._transport.write(frame(PONG, payload))

    def _touch(self) -> None:
        if self._opened is not None:
            self._opened.session.touch(self._parts.wheel.now())

    def _take_message(self, payload: bytes) -> None:
        if self._opened is not None:
            self._parts.sessions.receive(self._opened, payload)
        elif self._waiting is not None:
            self._waiting.append(payload)
        elif self._admitted is not None:
            admitted, self._admitted = self._admitted, None
            self._waiting = []
            self.pause_reading(Pause.OPENING)
            self._parts.wheel.start(self._open(admitted, payload))

    async def _open(self, admitted: Admitted, hello: bytes) -> None:
        try:
            opened = await self._parts.sessions.open(admitted, hello, self)
        except Refused as error:
            self._refuse(error.close_code, error.message)
            return
        except StoreUnavailable as error:
            self._refuse(TRY_AGAIN_LATER, error.message)
            return
        except Exception as error:  # the outermost frame: nobody else would tell of it
            self._refuse(INTERNAL, f"the session could not be opened: {render_fault(error)}")
            return
        if self._closing:
            await self._parts.sessions.closed(opened, self._farewell)
            return
        self._parts.wheel.admitted(self)
        self._opened = opened
        if self._reader is not None:
            self._reader.limit = self._parts.max_frame_bytes
        waiting, self._waiting = self._waiting or [], None
        for payload in waiting:
            if not self._closing:
                self._parts.sessions.receive(opened, payload)
        self.resume_reading(Pause.OPENING)

    def _refuse(self, code: int, message: str) -> None:
        if not self._closing:
            details = {"code": int(code)}
            self._parts.notices.tell(Notice(Severity.WARNING, "link.refused", message, details))
            self._parts.metrics.refused(int(code))
        self.close(code, message)

    def _abort(self) -> None:
        self._closing = True
        if self._transport is not None:
            self._transport.abort()
