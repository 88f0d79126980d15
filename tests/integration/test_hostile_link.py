"""A process with a valid token that misuses its socket hurts itself alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from taskdeck.entrypoints.websocket_frames import (
    CLOSE,
    CONTINUATION,
    MOST_CONTROLS,
    MOST_FRAGMENTS,
    PING,
    PONG,
    TEXT,
)

from ..agent_client import wire_event
from .brain import Brain, running_brain

FINAL = 0x80
MEBIBYTE = 1024 * 1024
UPGRADE = (
    "GET /ws/agent HTTP/1.1\r\nHost: brain\r\nAuthorization: Bearer {token}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
)


@pytest.fixture
async def brain(tmp_path: Path) -> AsyncIterator[Brain]:
    async with running_brain(tmp_path) as running:
        yield running


class Raw:
    """A socket after the upgrade, for bytes that no client library would send."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def pour(self, parts: Iterator[bytes]) -> None:
        """Send all parts, or as many as the brain takes."""
        try:
            for part in parts:
                self._writer.write(part)
                await self._writer.drain()
        except ConnectionError:
            """Cut off, as it should be."""

    async def receive(self) -> tuple[int, bytes]:
        header, length = await self._reader.readexactly(2)
        return header & 0x0F, await self._reader.readexactly(length)

    async def closed_with(self) -> tuple[int, str]:
        """Skip to the close frame; its code and reason."""
        while True:
            opcode, payload = await self.receive()
            if opcode == CLOSE:
                return int.from_bytes(payload[:2], "big"), payload[2:].decode()


@asynccontextmanager
async def raw(brain: Brain, more: str = "") -> AsyncIterator[Raw]:
    port = int(brain.url.rpartition(":")[2])
    async with asyncio.timeout(60):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(UPGRADE.format(token=brain.minted.token, more=more).encode())
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 101 ")
            assert b"extensions" not in answer.lower()
            yield Raw(reader, writer)
        finally:
            writer.transport.abort()


def masked(first: int, payload: bytes = b"") -> bytes:
    """A client's frame under a mask of zeros."""
    length = len(payload)
    if length < 126:
        return bytes((first, 0x80 | length)) + bytes(4) + payload
    return bytes((first, 0x80 | 127)) + length.to_bytes(8, "big") + bytes(4) + payload


def crumbs(payload: bytes) -> Iterator[bytes]:
    """One message in fragments of one byte, many to a segment."""
    yield masked(TEXT, payload[:1])
    middle = payload[1:-1]
    for start in range(0, len(middle), 4_096):
        yield b"".join(
            masked(CONTINUATION, bytes((byte,))) for byte in middle[start : start + 4_096]
        )
    yield masked(FINAL | CONTINUATION, payload[-1:])


async def test_a_message_in_crumbs_is_refused_while_others_are_served(brain: Brain) -> None:
    async with brain.agent() as agent, raw(brain) as hostile:
        pouring = asyncio.create_task(hostile.pour(crumbs(b"x" * MEBIBYTE)))
        await agent.send_events(wire_event("task.started", at=brain.now()))
        assert (await agent.ack())["accepted"] == 1
        code, reason = await hostile.closed_with()
        assert (code, reason) == (4400, f"message in more than {MOST_FRAGMENTS} fragments")
        await pouring
        await agent.send_events(wire_event("task.succeeded", at=brain.now()))
        assert (await agent.ack())["accepted"] == 1


async def test_a_message_in_a_few_fragments_is_read_as_one(brain: Brain) -> None:
    async with raw(brain) as agent:
        await agent.pour(crumbs(b'{"type": "no hello"}'))
        code, reason = await agent.closed_with()
        assert (code, reason) == (4400, "the first message is not a hello of at most 128 KiB")


async def test_pings_between_fragments_are_answered(brain: Brain) -> None:
    async with raw(brain) as agent:
        await agent.pour(iter([masked(TEXT, b"{"), masked(FINAL | PING, b"now?")]))
        assert await agent.receive() == (PONG, b"now?")
        await agent.pour(iter([masked(FINAL | CONTINUATION, b"}")]))
        assert (await agent.closed_with())[0] == 4400


@pytest.mark.parametrize("fragments", [1, 4])
async def test_a_hello_that_is_too_large_is_refused_by_its_size(
    brain: Brain, fragments: int
) -> None:
    size = 128 * 1024 // fragments + 1
    first, more = masked(TEXT, b"x" * size), masked(CONTINUATION, b"x" * size)
    async with raw(brain) as hostile:
        await hostile.pour(iter([first, *[more] * (fragments - 1)]))
        assert await hostile.closed_with() == (4400, f"message larger than {128 * 1024} bytes")


async def test_a_flood_of_pings_is_cut_off(brain: Brain) -> None:
    async with raw(brain) as hostile:
        await hostile.pour(iter([masked(FINAL | PING) * (2 * MOST_CONTROLS)] * 20))
        assert await hostile.closed_with() == (1002, "a flood of control frames")


async def test_compression_is_not_negotiated_and_not_accepted(brain: Brain) -> None:
    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    async with raw(brain, offer) as hostile:
        await hostile.pour(iter([masked(FINAL | 0x40 | TEXT, b"\x00" * 16)]))
        assert await hostile.closed_with() == (1002, "unknown kind of frame")


async def test_a_fault_of_ours_in_opening_is_told_at_once(
    brain: Brain, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def failing(session: object) -> None:
        raise KeyError("hunter2")

    monkeypatch.setattr(brain.container.registry(), "register", failing)
    async with brain.connect() as agent:
        with pytest.raises(ConnectionError):
            await agent.greet("w1")
            await agent.receive()
        assert agent.socket.close_code == 1011
    assert "the session could not be opened: KeyError at" in caplog.text
    assert "hunter2" not in caplog.text
    monkeypatch.undo()
    async with brain.agent("w1") as agent:
        await agent.send_events(wire_event("task.started", at=brain.now()))
        assert (await agent.ack())["accepted"] == 1
