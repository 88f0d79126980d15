"""WebSocket messages out of bytes and into bytes (RFC 6455), as little of it as agents need.

No extensions are ever negotiated, so the reserved bits must be clear and every frame is plain.
"""

from __future__ import annotations

from enum import IntEnum

from aiohttp._websocket.helpers import websocket_mask

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_FINAL = 0x80
_MASKED = 0x80
_MAX_CONTROL = 125
_SHORTEST = 6
"""Bytes of an empty masked frame."""
MOST_FRAGMENTS = 1_024
"""Of one message. Agents send whole messages; each fragment costs the work of a frame."""
MOST_CONTROLS = 1_024
"""Pings, pongs and closes in one read from a socket (asyncio reads up to 256 KiB at once)."""


class Fault(IntEnum):
    """The close code of what the peer did wrong."""

    PROTOCOL = 1002
    TOO_LARGE = 1009


class FrameError(Exception):
    """The peer broke the WebSocket protocol; nothing that follows can be read."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


class FrameReader:
    """Reads what a client sends. Keeps only the beginning of an unfinished frame or message.

    Both grow in place, and a frame is looked at again only when enough of it has come: whoever
    sends byte by byte costs no more than the bytes.
    """

    __slots__ = ("_fragments", "_message", "_needed", "_opcode", "_rest", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        """Bytes of a message; may be changed between messages."""
        self._rest: bytearray | None = None
        """The beginning of a frame that has not ended."""
        self._needed = 0
        """Bytes of `_rest` before which there is nothing to find in it."""
        self._opcode = CONTINUATION
        self._message: bytearray | None = None
        self._fragments = 0
        """Of the unfinished message: how many there were, and what they said."""

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """The messages that end in `data`: (TEXT, BINARY, CLOSE, PING or PONG, payload).

        Raises FrameError; messages before the fault are lost with the connection.
        """
        if self._rest is None:
            return self._read(data)
        self._rest += data
        if len(self._rest) < self._needed:
            return []
        data, self._rest = bytes(self._rest), None
        return self._read(data)

    def _read(self, data: bytes) -> list[tuple[int, bytes]]:
        messages: list[tuple[int, bytes]] = []
        start, end, controls = 0, len(data), 0
        needed = _SHORTEST
        while end - start >= needed:
            header, length = data[start], data[start + 1]
            if not length & _MASKED:
                raise FrameError(Fault.PROTOCOL, "a client's frames are masked")
            length &= 0x7F
            place = start + 2
            if length > _MAX_CONTROL:
                width = 2 if length == 126 else 8
                length = int.from_bytes(data[place : place + width], "big")
                place += width
                needed = place + 4 - start
                if end < start + needed:
                    break
            self._check(header, length)
            needed = place + 4 + length - start
            if end < start + needed:
                break
            payload = bytearray(data[place + 4 : start + needed])
            websocket_mask(data[place : place + 4], payload)
            if header & 0x0F >= CLOSE:
                controls += 1
                if controls > MOST_CONTROLS:
                    raise FrameError(Fault.PROTOCOL, "a flood of control frames")
            self._take(header, payload, messages)
            start += needed
            needed = _SHORTEST
        if start < end:
            self._rest, self._needed = bytearray(data[start:]), needed
        return messages

    def _check(self, header: int, length: int) -> None:
        """Refuse a frame by its header, before its payload is waited for."""
        opcode = header & 0x0F
        if header & 0x70 or opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
            raise FrameError(Fault.PROTOCOL, "unknown kind of frame")
        if opcode >= CLOSE:
            if not header & _FINAL or length > _MAX_CONTROL:
                raise FrameError(Fault.PROTOCOL, "control frames are short and whole")
        elif (opcode == CONTINUATION) != bool(self._opcode):
            raise FrameError(Fault.PROTOCOL, "fragments out of order")
        elif len(self._message or b"") + length > self.limit:
            raise FrameError(Fault.TOO_LARGE, f"message larger than {self.limit} bytes")
        elif self._fragments >= MOST_FRAGMENTS:
            raise FrameError(Fault.TOO_LARGE, f"message in more than {MOST_FRAGMENTS} fragments")

    def _take(self, header: int, payload: bytearray, messages: list[tuple[int, bytes]]) -> None:
        opcode = header & 0x0F
        if opcode >= CLOSE or (self._message is None and header & _FINAL):
            messages.append((opcode, bytes(payload)))
        elif self._message is None:
            self._opcode, self._message, self._fragments = opcode, payload, 1
        else:
            self._message += payload
            self._fragments += 1
            if header & _FINAL:
                messages.append((self._opcode, bytes(self._message)))
                self._opcode, self._message, self._fragments = CONTINUATION, None, 0


def frame(opcode: int, payload: bytes) -> bytes:
    """A whole message as a server sends it: one frame, unmasked."""
    length = len(payload)
    if length < 126:
        return bytes((_FINAL | opcode, length)) + payload
    if length < 65_536:
        return bytes((_FINAL | opcode, 126)) + length.to_bytes(2, "big") + payload
    return bytes((_FINAL | opcode, 127)) + length.to_bytes(8, "big") + payload
