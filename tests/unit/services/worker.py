"""The agent's end of a session, without a socket between (agent-protocol.md §2-4)."""

from __future__ import annotations

import json
from typing import Any

from taskdeck.adapters.memory.clock import ManualClock
from taskdeck.adapters.memory.connection import RecordedConnection
from taskdeck.domain.instants import render_instant
from taskdeck.domain.services.sessions import Sessions
from taskdeck.domain.services.slots import OpenSession
from taskdeck.domain.signing import Envelope, Signer

from ...agent_client import HELLO


def hello_frame(worker_id: str | None, **changes: Any) -> bytes:
    payload = HELLO | ({} if worker_id is None else {"worker_id": worker_id}) | changes
    return json.dumps(
        {"v": 2, "id": "hello_1", "ts": None, "type": "hello", "payload": payload}
    ).encode()


class Worker:
    """One connected process of an agent."""

    def __init__(
        self,
        sessions: Sessions,
        opened: OpenSession,
        connection: RecordedConnection,
        signer: Signer,
        clock: ManualClock,
    ) -> None:
        self.opened = opened
        self.connection = connection
        self._sessions = sessions
        self._clock = clock
        live = opened.live
        self.envelope = Envelope(signer, live.agent_id, live.project_id, live.session_id)
        self._seq = 0
        self.answered: set[str] = set()
        """Commands that a test has answered."""

    @property
    def session(self) -> str:
        """The journal's stream of this session."""
        return f"session:{self.opened.live.session_id}"

    def send(self, kind: str, frame_id: str, payload: dict[str, Any]) -> None:
        self._seq += 1
        frame = {
            "v": 2,
            "id": frame_id,
            "ts": render_instant(self._clock.now()),
            "nonce": f"nonce-{self._seq}",
            "seq": self._seq,
            "type": kind,
            "payload": payload,
        }
        self._sessions.receive(self.opened, self.envelope.seal(frame))

    def received(self, kind: str) -> list[dict[str, Any]]:
        """The frames of a kind that came so far."""
        frames = (json.loads(wire) for wire in self.connection.sent)
        return [frame for frame in frames if frame["type"] == kind]

    @property
    def orders(self) -> list[str]:
        """The ids of the commands that came so far."""
        return [frame["id"] for frame in self.received("command")]

    @property
    def order(self) -> dict[str, Any]:
        """The one command that came."""
        (frame,) = self.received("command")
        return frame

    def acknowledge(self, order: dict[str, Any]) -> None:
        token = order["payload"]["delivery_claim_token"]
        self.send("command_ack", order["id"], {"delivery_claim_token": token})

    def finish(
        self, order: dict[str, Any], result: dict[str, Any] | None = None, error: str | None = None
    ) -> None:
        payload = {
            "status": "success" if error is None else "failed",
            "result": result,
            "error": error,
            "delivery_claim_token": order["payload"]["delivery_claim_token"],
        }
        self.send("command_result", order["id"], payload)

    async def leave(self) -> None:
        """The socket breaks."""
        await self._sessions.closed(self.opened, "connection lost")
