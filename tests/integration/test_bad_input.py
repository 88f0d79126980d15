"""What a hostile or broken agent sends, over the real socket: the unit tests have every variety."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from taskdeck.domain.instants import SECOND
from taskdeck.domain.queries import EventFilter
from taskdeck.domain.services.sessions import SessionLimits
from taskdeck.entrypoints import link_wheel, server
from taskdeck.entrypoints.container import Container

from ..agent_client import HELLO, AgentClient, connected, wire_event
from .brain import Brain, running_brain


@pytest.fixture
async def brain(tmp_path: Path) -> AsyncIterator[Brain]:
    async with running_brain(tmp_path) as running:
        yield running


async def close_code(client: AgentClient) -> int:
    while True:
        try:
            await client.receive()
        except ConnectionError as error:
            code: int = error.args[0]
            return code


async def stored(brain: Brain) -> list[str]:
    page = await brain.container.event_store().read(brain.project.id, EventFilter())
    return [event.id.hex() for event in page.events]


async def still_serves(brain: Brain) -> bool:
    async with brain.agent("another") as agent:
        await agent.send_events(wire_event("task.started", at=brain.now()))
        return bool((await agent.ack())["accepted"] == 1)


def nested(depth: int) -> dict[str, Any]:
    return {"deeper": nested(depth - 1)} if depth else {}


async def test_a_clock_that_is_wrong_is_said_in_the_log(
    brain: Brain, caplog: pytest.LogCaptureFixture
) -> None:
    def late() -> int:
        return brain.now() - 120 * SECOND

    async with connected(brain.url, brain.minted.token, brain.key, late) as agent:
        await agent.greet()
        await agent.send_events(wire_event("task.started", at=brain.now()))
        assert await close_code(agent) == 4403
    assert "clock skew: the agent's clock is 120." in caplog.text
    assert "keys and tokens are fine" in caplog.text
    assert await stored(brain) == []


async def test_a_wrong_key_is_said_in_the_log(
    brain: Brain, caplog: pytest.LogCaptureFixture
) -> None:
    key = bytes(32)
    async with connected(brain.url, brain.minted.token, key, brain.now) as agent:
        await agent.greet()
        await agent.send_events(wire_event("task.started", at=brain.now()))
        assert await close_code(agent) == 4403
    assert "Z4J_HMAC_SECRET" in caplog.text
    assert await stored(brain) == []


async def test_a_replayed_frame_is_refused_and_its_event_stored_once(brain: Brain) -> None:
    async with brain.agent() as agent:
        event = wire_event("task.started", at=brain.now())
        wire = agent.sealed("event_batch", "ev_1", {"events": [event]})
        await agent.socket.send_bytes(wire)
        assert (await agent.ack())["accepted"] == 1
        await agent.socket.send_bytes(wire)
        assert await close_code(agent) == 4403
    assert await stored(brain) == [event["id"]]


@pytest.mark.parametrize("wire", [
    json.dumps({"v": 2, "id": "h", "ts": None, "type": "hello", "payload": HELLO}).encode(),
    json.dumps({"v": 3, "id": "f", "type": "heartbeat", "payload": {}}).encode(),
    rb'{"v":2,"id":"f","type":"event_batch","payload":{"a":"\ud800"}}',
    b'{"v":2,"id":"f","type":"event_batch","payload":{"a":NaN}}',
    b'{"v":2,"id":"f","type":"event_batch","payload":{"a":' + b"[" * 100_000,
    b"\x00\xff\xfe\x01" * 5_000,
    b"",
], ids=["hello twice", "version", "surrogate", "NaN", "nesting", "garbage", "nothing"])  # fmt: skip
async def test_what_can_never_be_right_ends_the_session(brain: Brain, wire: bytes) -> None:
    async with brain.agent() as agent:
        await agent.socket.send_bytes(wire)
        assert await close_code(agent) == 4400
    assert await still_serves(brain)


@pytest.mark.parametrize("wrong", [
    {"kind": "task.exploded"},
    {"id": "no uuid"},
    {"data": nested(100)},
    {"occurred_at": "yesterday"},
], ids=["kind", "id", "nesting", "time"])  # fmt: skip
async def test_bad_events_are_acknowledged_and_their_neighbours_stored(
    brain: Brain, wrong: dict[str, Any]
) -> None:
    async with brain.agent() as agent:
        good = [wire_event("task.started", f"t{n}", at=brain.now()) for n in range(2)]
        bad = wire_event("task.started", at=brain.now()) | wrong
        await agent.send_events(good[0], bad, good[1])
        ack = await agent.ack()
        assert (ack["accepted"], ack["rejected"]) == (2, 1)
    assert await stored(brain) == [event["id"] for event in good]


async def test_too_many_events_in_a_frame_are_acknowledged_as_rejected(brain: Brain) -> None:
    async with brain.agent() as agent:
        event = wire_event("task.started", at=brain.now()) | {"data": {}}
        await agent.send_events(*[event] * 5_001)
        ack = await agent.ack()
        assert (ack["received"], ack["accepted"], ack["rejected"]) == (5_001, 0, 5_001)
        await agent.send_events(event)
        assert (await agent.ack())["accepted"] == 1
    assert await stored(brain) == [event["id"]]


async def test_integers_beyond_64_bits_are_kept_exactly(brain: Brain) -> None:
    async with brain.agent() as agent:
        await agent.send_events(wire_event("task.succeeded", "t1", at=brain.now(), result=2**70))
        assert (await agent.ack())["accepted"] == 1
    task = await brain.container.views().task(brain.project.id, "celery", "t1")
    assert task is not None
    assert task.field("result") == 2**70


async def raw(brain: Brain, start: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection over which nothing but `start` was sent."""
    port = urlsplit(brain.url).port
    assert port is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(start)
    return reader, writer


async def ended(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(30):
        return await reader.read()


async def test_headers_that_never_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HTTP_IDLE_SECONDS", 0.3)
    async with running_brain(tmp_path) as brain:
        reader, writer = await raw(brain, b"GET /ws/agent HTTP/1.1\r\nHost: brain\r\nX-Slow: ")
        assert await ended(reader) == b""
        writer.close()
        assert await still_serves(brain)


def upgrade(brain: Brain) -> bytes:
    return (
        "GET /ws/agent HTTP/1.1\r\nHost: brain\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\nSec-WebSocket-Version: 13\r\n"
        f"Authorization: Bearer {brain.minted.token}\r\n\r\n"
    ).encode()


HALF_A_FRAME = b"\x82\xfe\x10\x00\x00\x00\x00\x00half of a"


@pytest.mark.parametrize("after", [b"", HALF_A_FRAME], ids=["silence", "half a hello"])
async def test_a_hello_that_never_comes(
    brain: Brain, monkeypatch: pytest.MonkeyPatch, after: bytes
) -> None:
    monkeypatch.setattr(link_wheel, "HELLO_SECONDS", 0)
    monkeypatch.setattr(link_wheel, "CLOSE_SECONDS", 0)
    reader, writer = await raw(brain, upgrade(brain) + after)
    said = await ended(reader)
    assert b" 101 " in said
    assert (4400).to_bytes(2, "big") + b"no hello in time" in said
    writer.close()


async def test_half_a_frame_is_no_sign_of_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_wheel, "CLOSE_SECONDS", 0)

    def impatient(container: Container) -> None:
        container.sessions.add_kwargs(limits=SessionLimits(idle_seconds=1))

    async with running_brain(tmp_path, overrides=impatient) as brain:
        hello = json.dumps({"v": 2, "id": "h", "ts": None, "type": "hello", "payload": HELLO})
        length = len(hello).to_bytes(2, "big")
        whole = b"\x82\xfe" + length + bytes(4) + hello.encode()
        reader, writer = await raw(brain, upgrade(brain) + whole + HALF_A_FRAME)
        assert (4408).to_bytes(2, "big") in await ended(reader)
        writer.close()
