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
    """Reads what a client sends. Keeps only the beginning of an unfinished frame or message."""

    __slots__ = ("_limit", "_message", "_opcode", "_rest")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rest = b""
        self._opcode = CONTINUATION
        self._message = b""
        """The fragments of an unfinished message."""

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """The messages that end in `data`: (TEXT, BINARY, CLOSE, PING or PONG, payload).

        Raises FrameError; messages before the fault are lost with the connection.
        """
        if self._rest:
            data = self._rest + data
        messages: list[tuple[int, bytes]] = []
        start, end = 0, len(data)
        while end - start >= 6:
            header, length = data[start], data[start + 1]
            if not length & _MASKED:
                raise FrameError(Fault.PROTOCOL, "a client's frames are masked")
            length &= 0x7F
            place = start + 2
            if length > _MAX_CONTROL:
                width = 2 if length == 126 else 8
                length = int.from_bytes(data[place : place + width], "big")
                place += width
                if end < place:
                    break
            self._check(header, length)
            if end < place + 4 + length:
                break
            payload = bytearray(data[place + 4 : place + 4 + length])
            websocket_mask(data[place : place + 4], payload)
            self._take(header, bytes(payload), messages)
            start = place + 4 + length
        self._rest = data[start:]
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
        elif len(self._message) + length > self._limit:
            raise FrameError(Fault.TOO_LARGE, f"message larger than {self._limit} bytes")

    def _take(self, header: int, payload: bytes, messages: list[tuple[int, bytes]]) -> None:
        opcode = header & 0x0F
        if opcode >= CLOSE:
            messages.append((opcode, payload))
        elif header & _FINAL:
            if opcode == CONTINUATION:
                opcode, payload = self._opcode, self._message + payload
                self._opcode, self._message = CONTINUATION, b""
            messages.append((opcode, payload))
        else:
            self._opcode = opcode or self._opcode
            self._message += payload


def frame(opcode: int, payload: bytes) -> bytes:
    """A whole message as a server sends it: one frame, unmasked."""
    length = len(payload)
    if length < 126:
        return bytes((_FINAL | opcode, length)) + payload
    if length < 65_536:
        return bytes((_FINAL | opcode, 126)) + length.to_bytes(2, "big") + payload
    return bytes((_FINAL | opcode, 127)) + length.to_bytes(8, "big") + payload
