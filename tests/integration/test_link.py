from __future__ import annotations

import asyncio
import gc
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from taskdeck.domain.batching import Batch
from taskdeck.domain.session_entries import ENDED_BY_WORKER, LOST
from taskdeck.entrypoints.link import AgentLink
from taskdeck.ports.event_store import Appended

from ..agent_client import HELLO, wire_event, wire_run
from .brain import Brain, running_brain
from .waiting import eventually


@pytest.fixture
async def brain(tmp_path: Path) -> AsyncIterator[Brain]:
    async with running_brain(tmp_path) as running:
        yield running


async def close_code(client: Any) -> int | None:
    with pytest.raises(ConnectionError):
        while True:
            await client.receive()
    code: int | None = client.socket.close_code
    return code


async def test_an_event_is_stored_when_its_ack_arrives(brain: Brain) -> None:
    async with brain.agent() as agent:
        frame_id = await agent.send_events(*wire_run("t1", at=brain.now()))
        assert await agent.ack() == {
            "acked_id": frame_id, "received": 3, "accepted": 3, "rejected": 0,
        }  # fmt: skip
        task = await brain.container.views().task(brain.project.id, "celery", "t1")
        assert task is not None
        assert task.state == "succeeded"


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic abc", "Bearer "])
async def test_without_a_valid_token_there_is_no_upgrade(brain: Brain, header: str | None) -> None:
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            headers = {} if header is None else {"Authorization": header}
            await http.ws_connect(f"{brain.url}/ws/agent", headers=headers)
        assert refused.value.status == 401


async def test_a_plain_request_is_told_so(brain: Brain) -> None:
    headers = {"Authorization": f"Bearer {brain.minted.token}"}
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{brain.url}/ws/agent", headers=headers) as answer:
            assert answer.status == 400


@pytest.mark.parametrize(
    "hello", [b"not json", b"[]", b"{}", b'{"type": "heartbeat"}', b"\xff\xfe"]
)
async def test_a_first_message_that_is_no_hello(brain: Brain, hello: bytes) -> None:
    async with brain.connect() as agent:
        await agent.socket.send_bytes(hello)
        assert await close_code(agent) == 4400


async def test_another_protocol_version(brain: Brain) -> None:
    async with brain.connect() as agent:
        hello = {"v": 2, "id": "h", "type": "hello", "payload": HELLO | {"protocol_version": "3"}}
        await agent.socket.send_str(json.dumps(hello))
        assert await close_code(agent) == 4426


async def test_more_sessions_than_an_agent_may_have(tmp_path: Path) -> None:
    async with running_brain(tmp_path, sessions_per_agent=1) as brain:
        async with brain.agent("w1"), brain.connect() as second:
            with pytest.raises(ConnectionError):
                await second.greet("w2")
            assert second.socket.close_code == 4429


async def test_a_worker_that_comes_back_replaces_its_session(brain: Brain) -> None:
    async with brain.agent("w1") as first, brain.agent("w1") as second, brain.agent("w2"):
        assert await close_code(first) == 4002
        await second.send_events(wire_event("task.started", at=brain.now()))
        await second.ack()


async def test_agents_without_worker_id_share_one_slot(brain: Brain) -> None:
    async with brain.agent(None) as first, brain.agent(None):
        assert await close_code(first) == 4002


async def test_revoking_closes_every_session_of_the_agent(brain: Brain) -> None:
    async with brain.agent("w1") as first, brain.agent("w2") as second:
        # As the command line does it, beside the brain: the journal brings the news.
        await brain.container.agents().revoke(brain.project, brain.minted.agent.id, "test")
        assert await close_code(first) == 4003
        assert await close_code(second) == 4003
        with pytest.raises(aiohttp.WSServerHandshakeError):
            async with brain.agent("w1"):
                pass


async def test_a_stop_closes_with_going_away(tmp_path: Path) -> None:
    async with running_brain(tmp_path) as brain:
        connecting = brain.connect()
        agent = await connecting.__aenter__()
        await agent.greet()
        code = asyncio.create_task(close_code(agent))
    assert await code == 1001
    await connecting.__aexit__(None, None, None)


@pytest.mark.parametrize(
    ("code", "reason"),
    [(1000, ENDED_BY_WORKER), (1001, ENDED_BY_WORKER), (1011, LOST), (None, LOST)],
)
async def test_an_end_in_order_is_told_from_a_loss(
    brain: Brain, code: int | None, reason: str
) -> None:
    async with brain.agent() as agent:
        if code is None:
            agent.socket.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        else:
            await agent.socket.close(code=code)
        (worker,) = await eventually(brain.gone)
        assert worker.close_reason == reason


async def test_a_wrong_signature_ends_the_session(brain: Brain) -> None:
    async with brain.agent() as agent:
        wire = agent.sealed("heartbeat", "hb_1", {})
        await agent.socket.send_bytes(wire.replace(b'"hb_1"', b'"hb_2"'))
        assert await close_code(agent) == 4403


async def test_a_message_that_is_too_large(brain: Brain) -> None:
    async with brain.agent() as agent:
        await agent.socket.send_bytes(b" " * (1024 * 1024 + 1))
        assert await close_code(agent) == 4400


async def test_pings_are_answered(brain: Brain) -> None:
    async with brain.agent() as agent:
        await agent.socket.ping(b"are you there")
        await agent.send_events(wire_event("task.started", at=brain.now()))
        await agent.ack()  # a client that got a wrong pong would have closed


async def test_frames_right_behind_the_hello_wait_for_the_session(brain: Brain) -> None:
    async with brain.agent() as agent:
        for number in range(50):
            await agent.send_events(wire_event("task.started", f"t{number}", at=brain.now()))
        acks = [await agent.ack() for _ in range(50)]
        assert all(ack["accepted"] == 1 for ack in acks)


class HeldStore:
    """An event store that commits nothing until it is released."""

    def __init__(self) -> None:
        self.released = asyncio.Event()
        self.stored = 0

    async def append(self, batch: Batch) -> Appended:
        await self.released.wait()
        self.stored += len(batch.events)
        return Appended(len(batch.events), 0)


async def test_a_store_that_stalls_stops_the_reading_and_loses_nothing(tmp_path: Path) -> None:
    held = HeldStore()

    def override(container: Any) -> None:
        container.event_store.override(held)

    async with running_brain(tmp_path, overrides=override, batch_events=10) as brain:
        async with brain.agent() as agent:
            total = 400
            for number in range(total):
                await agent.send_events(wire_event("task.started", f"t{number}", at=brain.now()))
            ingest = brain.container.ingest()
            while not ingest.paused:
                await asyncio.sleep(0)
            assert held.stored == 0
            held.released.set()
            for _ in range(total):
                await agent.ack()
            assert held.stored == total
            assert not ingest.paused


async def test_nothing_stays_of_connections_that_are_gone(brain: Brain) -> None:
    for _ in range(50):
        async with brain.agent() as agent:
            await agent.send_events(wire_event("task.started", at=brain.now()))
            await agent.ack()
    sessions = brain.container.sessions()
    while len(sessions):
        await asyncio.sleep(0)
    await brain.container.session_log().drain()
    gc.collect()
    assert not [each for each in gc.get_objects() if isinstance(each, AgentLink)]
