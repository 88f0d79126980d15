"""Many agents out of one process, as cheap as they can be made: frames are signed beforehand."""

from __future__ import annotations

import asyncio
import json
import struct
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from taskdeck.domain.instants import render_instant
from taskdeck.domain.signing import Envelope, Signer

from .histories import raw_events

HELLO = {
    "protocol_version": "2", "agent_version": "1.13.0", "framework": "bare",
    "engines": ["celery"], "schedulers": [],
    "capabilities": {"celery": ["cancel_task", "retry_by_reference_v1", "retry_task", "submit_task"]},
    "host": {"name": "bench"}, "worker_role": "task", "worker_pid": 1, "worker_started_at": None,
    "runtime_features": ["retry_by_reference"],
}  # fmt: skip


def masked(payload: bytes) -> bytes:
    """A client's binary frame; the mask is zero, which leaves the payload as it is."""
    length = len(payload)
    if length < 126:
        header = struct.pack("!BB", 0x82, 0x80 | length)
    elif length < 65_536:
        header = struct.pack("!BBH", 0x82, 0xFE, length)
    else:
        header = struct.pack("!BBQ", 0x82, 0xFF, length)
    return header + b"\0\0\0\0" + payload


@dataclass
class BenchAgent:
    """One connection. `latencies` are seconds from a frame's sending to its ack."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    key: bytes
    envelope: Envelope
    seq: int = 0
    latencies: list[float] = field(default_factory=list)

    @classmethod
    async def connect(cls, host: str, port: int, token: str, key: bytes, name: str) -> BenchAgent:
        reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
        writer.write(
            f"GET /ws/agent HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n"
            f"Sec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        status = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in status:
            raise ConnectionError(status)
        payload = {**HELLO, "worker_id": name}
        hello = {"v": 2, "id": "hello_1", "ts": None, "type": "hello", "payload": payload}
        writer.write(masked(json.dumps(hello).encode()))
        answer = json.loads(await _message(reader))["payload"]
        ids = (answer["agent_id"], answer["project_id"], answer["session_id"])
        return cls(reader, writer, key, Envelope(Signer(key), *ids))

    def frames(self, events: int, per_frame: int) -> list[bytes]:
        """Signed frames of whole task lives: three events a task."""
        made = raw_events(events)
        return [
            self._sealed({"events": made[start : start + per_frame]})
            for start in range(0, events, per_frame)
        ]

    async def send_all(self, frames: list[bytes], in_flight: int) -> None:
        """Send everything, keeping at most `in_flight` frames unacknowledged."""
        sent_at: list[float] = []
        acked = 0
        for start in range(len(frames)):
            if start - acked >= in_flight:
                acked += await self._acks(sent_at, acked)
            sent_at.append(time.perf_counter())
            self.writer.write(frames[start])
        while acked < len(frames):
            acked += await self._acks(sent_at, acked)

    def health(self) -> bytes:
        """What an agent without work sends at each heartbeat."""
        beat = {
            "buffer_size": 0, "last_flush_at": None, "dropped_events": 0, "telemetry_loss": None,
            "adapter_health": {"celery.broker_type": "redis", "celery.broker_connected": "True"},
        }  # fmt: skip
        status = {"connection_failure_streak": 0, "buffer_depth": 0, "agent_version": "1.13.0"}
        sealed = self._sealed(beat, "heartbeat", f"hb_{self.seq:012x}")
        return sealed + self._sealed(status, "agent_status", f"as_{self.seq:012x}")

    async def _acks(self, sent_at: list[float], acked: int) -> int:
        """Wait for an ack and count those that came with it; they come in order."""
        count = 0
        while count == 0 or _buffered(self.reader):
            await _message(self.reader)
            self.latencies.append(time.perf_counter() - sent_at[acked + count])
            count += 1
        return count

    async def message(self) -> bytes:
        """The next message from the brain."""
        return await _message(self.reader)

    def report(self, kind: str, task_id: str) -> None:
        """Send one event of a task, now."""
        event = {
            "id": str(uuid.uuid4()), "kind": kind, "engine": "celery", "task_id": task_id,
            "occurred_at": render_instant(time.time_ns() // 1_000), "data": {"task_name": "bench"},
        }  # fmt: skip
        self.writer.write(self._sealed({"events": [event]}))

    def finish(self, command: dict[str, Any]) -> None:
        """Answer a command with success."""
        payload = {
            "status": "success", "result": {}, "error": None,
            "delivery_claim_token": command["payload"]["delivery_claim_token"],
        }  # fmt: skip
        self.writer.write(self._sealed(payload, "command_result", command["id"]))

    def _sealed(
        self, payload: dict[str, Any], kind: str = "event_batch", frame_id: str | None = None
    ) -> bytes:
        self.seq += 1
        frame = {
            "v": 2, "id": frame_id or f"ev_{self.seq:032x}",
            "ts": render_instant(time.time_ns() // 1_000), "nonce": f"{self.seq:022x}",
            "seq": self.seq, "type": kind, "payload": payload,
        }  # fmt: skip
        return masked(self.envelope.seal(frame))


async def _message(reader: asyncio.StreamReader) -> bytes:
    header = await reader.readexactly(2)
    length = header[1]
    if length == 126:
        length = int.from_bytes(await reader.readexactly(2), "big")
    elif length == 127:
        length = int.from_bytes(await reader.readexactly(8), "big")
    payload = await reader.readexactly(length)
    if header[0] & 0x0F == 8:
        raise ConnectionError(int.from_bytes(payload[:2], "big"), payload[2:])
    return payload


def _buffered(reader: asyncio.StreamReader) -> bool:
    """Whether another whole ack has arrived already; all acks are about one length."""
    return len(reader._buffer) > 400  # type: ignore[attr-defined]
