"""Both ends of one session, without a socket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.handshake import parse_hello
from taskdeck.domain.ids import AgentId, ProjectId, SessionId
from taskdeck.domain.instants import SECOND, render_instant
from taskdeck.domain.redaction import DEFAULT_NAMES, Redactor
from taskdeck.domain.session import AgentSession
from taskdeck.domain.sessions import LiveSession
from taskdeck.domain.signing import Envelope, Signer

NOW = 1_790_000_000 * SECOND
HELLO = {"protocol_version": "2", "agent_version": "1.13.0", "worker_id": "bare-1-1"}


@dataclass(frozen=True, slots=True)
class Door:
    live: LiveSession
    signer: Signer
    codec: OrjsonCodec
    redactor: Redactor

    def open(self) -> AgentSession:
        return AgentSession(
            self.live, self.signer, self.codec, "0123456789abcdef", redactor=self.redactor
        )

    def frames(self, number: int, events: int, data: dict[str, Any]) -> list[bytes]:
        """Signed event_batch frames with a rising seq."""
        live = self.live
        agent = Envelope(self.signer, live.agent_id, live.project_id, live.session_id)
        return [
            agent.seal(
                {
                    "v": 2, "id": f"ev_{uuid4().hex}", "ts": render_instant(NOW),
                    "nonce": uuid4().hex[:22], "seq": seq, "type": "event_batch",
                    "payload": {"events": [_event(data) for _ in range(events)]},
                }
            )
            for seq in range(1, number + 1)
        ]  # fmt: skip


def open_door() -> Door:
    codec = OrjsonCodec()
    wire = json.dumps({"v": 2, "type": "hello", "payload": HELLO}).encode()
    live = LiveSession(
        session_id=SessionId(str(uuid4())),
        project_id=ProjectId(str(uuid4())),
        agent_id=AgentId(str(uuid4())),
        hello=parse_hello(wire, codec),
        opened_at=NOW,
    )
    signer = Signer(b"0123456789abcdef0123456789abcdef")
    return Door(live, signer, codec, Redactor(DEFAULT_NAMES))


def _event(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "kind": "task.succeeded", "engine": "celery", "task_id": str(uuid4()),
        "occurred_at": render_instant(NOW - SECOND), "data": data,
    }  # fmt: skip
