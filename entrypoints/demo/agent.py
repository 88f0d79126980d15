"""One simulated worker process: a real signed connection that makes its work up."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from ...domain.instants import render_instant
from ...domain.signing import PROTOCOL_VERSION, Envelope, Signer

CAPABILITIES = (
    "cancel_task", "pool_grow", "pool_shrink", "purge_queue", "rate_limit", "restart_worker",
    "retry_by_reference_v1", "retry_task", "submit_task",
)  # fmt: skip


class DemoAgent:
    """Speaks protocol 2 as the published agents do (agent-protocol.md §2-5)."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, signer: Signer, engine: str, name: str
    ) -> None:
        self.engine = engine
        self.name = name
        self._socket = socket
        self._signer = signer
        self._envelope: Envelope | None = None
        self._seq = 0
        self._pid = secrets.randbelow(30_000) + 1_000

    async def greet(self) -> None:
        hello = {
            "protocol_version": str(PROTOCOL_VERSION),
            "agent_version": "1.13.0",
            "framework": "bare",
            "engines": [self.engine],
            "schedulers": [],
            "capabilities": {self.engine: list(CAPABILITIES)},
            "host": {"name": f"shop-{self.name}"},
            "worker_id": f"demo-{self.name}",
            "worker_role": "task",
            "worker_pid": self._pid,
            "worker_started_at": _now(),
            "runtime_features": ["retry_by_reference"],
        }
        frame = {"v": PROTOCOL_VERSION, "id": "hello_1", "ts": None, "type": "hello"}
        await self._socket.send_str(json.dumps({**frame, "payload": hello}))
        answer = (await self._socket.receive_json())["payload"]
        ids = (answer["agent_id"], answer["project_id"], answer["session_id"])
        self._envelope = Envelope(self._signer, *ids)

    async def report(self, kind: str, task_id: str, data: Mapping[str, Any]) -> None:
        """Send one event; the demo does not resend, so it does not look at acknowledgements."""
        await self.report_all([(kind, task_id, data, now_us())])

    async def report_all(self, events: Sequence[tuple[str, str, Mapping[str, Any], int]]) -> None:
        """Send events of these kinds, tasks, data and times (microseconds)."""
        rendered = [
            {
                "id": secrets.token_hex(16),
                "kind": kind,
                "engine": self.engine,
                "task_id": task_id,
                "occurred_at": render_instant(at),
                "data": dict(data),
            }
            for kind, task_id, data, at in events
        ]
        await self._send("event_batch", f"ev_{secrets.token_hex(16)}", {"events": rendered})

    async def heartbeat(self, depths: Mapping[str, int]) -> None:
        health = {
            f"{self.engine}.broker_type": "redis",
            f"{self.engine}.broker_connected": "True",
            f"{self.engine}.queue_depths": json.dumps(dict(depths)),
        }
        payload = {
            "buffer_size": 0,
            "last_flush_at": _now(),
            "dropped_events": 0,
            "telemetry_loss": None,
            "adapter_health": health,
        }
        await self._send("heartbeat", f"hb_{secrets.token_hex(6)}", payload)

    async def next_command(self) -> dict[str, Any] | None:
        """The next command, with acknowledgements passed over; None when the brain is gone."""
        async for message in self._socket:
            frame = json.loads(message.data)
            if frame["type"] == "command":
                return dict(frame)
        return None

    async def answer(self, command: Mapping[str, Any], result: Mapping[str, Any]) -> None:
        token = {"delivery_claim_token": command["payload"]["delivery_claim_token"]}
        await self._send("command_ack", command["id"], token)
        ended = {"status": "success", "result": dict(result), "error": None}
        await self._send("command_result", command["id"], {**ended, **token})

    async def _send(self, kind: str, frame_id: str, payload: Mapping[str, Any]) -> None:
        if self._envelope is None:
            raise RuntimeError("greet first")
        self._seq += 1
        frame = {
            "v": PROTOCOL_VERSION,
            "id": frame_id,
            "ts": _now(),
            "nonce": secrets.token_urlsafe(16),
            "seq": self._seq,
            "type": kind,
            "payload": dict(payload),
        }
        await self._socket.send_bytes(self._envelope.seal(frame))


def now_us() -> int:
    return time.time_ns() // 1_000


def _now() -> str:
    return render_instant(now_us())
