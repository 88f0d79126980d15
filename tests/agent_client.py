"""A small agent of our own: signs like the real ones, over a real socket (agent-protocol.md)."""

from __future__ import annotations

import asyncio
import json
import secrets
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from taskdeck.domain.instants import render_instant
from taskdeck.domain.signing import Envelope, Signer

HELLO: dict[str, Any] = {
    "protocol_version": "2",
    "agent_version": "1.13.0",
    "framework": "bare",
    "engines": ["celery"],
    "schedulers": [],
    "capabilities": {
        "celery": [
            "bulk_retry", "cancel_task", "purge_queue", "rate_limit", "restart_worker",
            "retry_by_reference_v1", "retry_task", "submit_task",
        ]
    },
    "host": {},
    "worker_role": None,
    "worker_pid": 4242,
    "worker_started_at": None,
    "runtime_features": ["retry_by_reference"],
}  # fmt: skip


class AgentClient:
    """One connected process of an agent."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, key: bytes, clock: Any) -> None:
        self.socket = socket
        self._key = key
        self._now = clock
        self._seq = 0
        self._envelope: Envelope | None = None

    async def greet(self, worker_id: str | None = "bare-1-1", **changes: Any) -> dict[str, Any]:
        """Say hello and take the hello_ack's payload."""
        payload = HELLO | ({} if worker_id is None else {"worker_id": worker_id}) | changes
        hello = {"v": 2, "id": "hello_1", "ts": None, "type": "hello", "payload": payload}
        await self.socket.send_bytes(json.dumps(hello).encode())
        answer = json.loads(await self.receive())
        accepted: dict[str, Any] = answer["payload"]
        self._envelope = Envelope(
            Signer(self._key),
            accepted["agent_id"],
            accepted["project_id"],
            accepted["session_id"],
        )
        return accepted

    async def receive(self, *, seconds: float = 100) -> str:
        """The next message's text. Raises ConnectionError with the close code at the end."""
        message = await self.socket.receive(timeout=seconds)
        if message.type is aiohttp.WSMsgType.TEXT:
            text: str = message.data
            return text
        raise ConnectionError(self.socket.close_code)

    def sealed(self, kind: str, frame_id: str, payload: dict[str, Any]) -> bytes:
        """A signed frame, not yet sent."""
        if self._envelope is None:
            raise RuntimeError("greet first")
        self._seq += 1
        return self._envelope.seal(
            {
                "v": 2,
                "id": frame_id,
                "ts": render_instant(self._now()),
                "nonce": secrets.token_urlsafe(16),
                "seq": self._seq,
                "type": kind,
                "payload": payload,
            }
        )

    async def send(self, kind: str, frame_id: str, payload: dict[str, Any]) -> None:
        await self.socket.send_bytes(self.sealed(kind, frame_id, payload))

    async def send_events(self, *events: dict[str, Any]) -> str:
        """One event_batch frame; returns its id."""
        frame_id = f"ev_{secrets.token_hex(16)}"
        await self.send("event_batch", frame_id, {"events": list(events)})
        return frame_id

    async def ack(self) -> dict[str, Any]:
        """The payload of the next event_batch_ack."""
        frame = json.loads(await self.receive())
        if frame["type"] != "event_batch_ack":
            raise AssertionError(frame)
        payload: dict[str, Any] = frame["payload"]
        return payload

    async def command(self) -> dict[str, Any]:
        """The next command frame, verified."""
        wire = (await self.receive()).encode()
        frame: dict[str, Any] = json.loads(wire)
        if frame["type"] != "command" or self._envelope is None:
            raise AssertionError(frame)
        return frame | {"verified": self._envelope.open(wire, _Plain()) is not None}

    async def answer(
        self, command: dict[str, Any], *, result: Any, error: str | None = None
    ) -> None:
        token = command["payload"]["delivery_claim_token"]
        await self.send("command_ack", command["id"], {"delivery_claim_token": token})
        payload = {
            "status": "success" if error is None else "failed",
            "result": result,
            "error": error,
            "delivery_claim_token": token,
        }
        await self.send("command_result", command["id"], payload)


class _Plain:
    """The standard library as a codec."""

    def loads(self, wire: bytes) -> Any:
        return json.loads(wire)

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value).encode()

    def dumps_sorted(self, value: Any) -> bytes:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def wire_event(kind: str, task_id: str = "t1", *, at: int, **data: Any) -> dict[str, Any]:
    """An event as agents send it."""
    return {
        "id": secrets.token_hex(16),
        "kind": kind,
        "engine": "celery",
        "task_id": task_id,
        "occurred_at": render_instant(at),
        "data": {"task_name": "shop.pay", **data},
    }


def wire_run(task_id: str, *, at: int) -> Sequence[dict[str, Any]]:
    kinds = ("task.received", "task.started", "task.succeeded")
    return [wire_event(kind, task_id, at=at + n * 1_000) for n, kind in enumerate(kinds)]


@asynccontextmanager
async def connected(
    url: str, token: str, key: bytes, clock: Any, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[AgentClient]:
    """A connected agent that has not said hello."""
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as http, asyncio.timeout(200):
        async with http.ws_connect(
            f"{url}/ws/agent", headers=headers, max_msg_size=0, ssl=tls or True
        ) as socket:
            yield AgentClient(socket, key, clock)
