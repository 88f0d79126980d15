"""One session of the agent protocol after its handshake: bytes in, effects out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .acknowledgement import sealed_acknowledgement
from .canonical import FastCodec
from .command_frames import MAX_ID, STATUSES, parse_command_ack, parse_command_result
from .depth_watch import DepthWatch
from .effects import Append, Close, Effect, Observe, Tell
from .errors import InvalidInput, Refused
from .event_frames import MAX_EVENTS, parse_events
from .events import Rejection
from .health_frames import parse_agent_status, parse_heartbeat
from .instants import Instant, render_instant
from .notices import Notice, Severity
from .redaction import UNREDACTED, Redactor
from .replay_guard import MAX_NONCE, ReplayGuard
from .sessions import LiveSession
from .signing import PROTOCOL_VERSION, Envelope, Signer, is_plain, refusal

MAX_FRAME_BYTES = 1024 * 1024
MAX_SENT_BYTES = 1024 * 1024
"""Agents refuse larger messages (agent-protocol.md §2.1)."""
MAX_CLOSE_REASON = 123
"""Bytes that a WebSocket close frame has room for."""


class AgentSession:
    """Verifies what an agent sends and says what is to be done; signs what is sent to it.

    Touches nothing outside: time comes in as an argument, `nonce_prefix` (up to 16 unguessable
    characters) makes the nonces of this session unlike those of any other.
    """

    __slots__ = (
        "_codec", "_depths", "_envelope", "_guard", "_max_frame_bytes", "_nonce_prefix", "_redactor",
        "_seq", "last_seen", "live",
    )  # fmt: skip

    def __init__(
        self,
        live: LiveSession,
        signer: Signer,
        codec: FastCodec,
        nonce_prefix: str,
        max_frame_bytes: int = MAX_FRAME_BYTES,
        redactor: Redactor = UNREDACTED,
    ) -> None:
        if not is_plain(nonce_prefix) or len(nonce_prefix) > MAX_NONCE // 2:
            raise ValueError(f"a nonce prefix is at most {MAX_NONCE // 2} plain ASCII characters")
        self.live = live
        self.last_seen = live.opened_at
        self._envelope = Envelope(signer, live.agent_id, live.project_id, live.session_id)
        self._codec = codec
        self._guard = ReplayGuard()
        self._depths: DepthWatch | None = None
        self._nonce_prefix = nonce_prefix
        self._seq = 0
        self._max_frame_bytes = max_frame_bytes
        self._redactor = redactor

    def touch(self, now: Instant) -> None:
        """Any sign of life counts, a ping too."""
        self.last_seen = now

    def receive(self, wire: bytes, now: Instant) -> tuple[Effect, ...]:
        """Take one message. Never raises for bad input: a refusal is an effect too.

        After a `Close` nothing more is to be delivered. That also bounds the price of garbage.
        """
        try:
            frame = self._open(wire)
            self._guard.admit(frame, now)
            self.last_seen = now
            return self._effects(frame, now)
        except Refused as error:
            return self._refuse(error)

    def acknowledge(
        self, frame_id: str, received: int, accepted: int, rejected: int, now: Instant
    ) -> bytes:
        """The signed event_batch_ack of a frame whose events are durable (§5)."""
        self._seq += 1
        return sealed_acknowledgement(
            self._envelope,
            frame_id=frame_id,
            received=received,
            accepted=accepted,
            rejected=rejected,
            seq=self._seq,
            nonce=self._nonce(),
            now=now,
        )

    def command(
        self,
        *,
        command_id: str,
        action: str,
        target: Mapping[str, Any],
        parameters: Mapping[str, Any],
        timeout_seconds: int,
        issued_by: str | None,
        claim_token: str | None,
        now: Instant,
    ) -> bytes:
        """A signed command frame (§4).

        Raises InvalidInput when agents could not read it: larger than 1 MiB, or with values that
        JSON cannot say.
        """
        payload = {
            "action": action,
            "target": dict(target),
            "parameters": dict(parameters),
            "timeout_seconds": timeout_seconds,
            "issued_by": issued_by,
            "delivery_claim_token": claim_token,
        }
        return self._seal("command", command_id, payload, now)

    def error(self, code: str, message: str, *, fatal: bool, now: Instant) -> bytes:
        """A signed error frame (§4). A fatal one makes the agent back off (§2.4)."""
        payload = {"code": code, "message": message, "fatal": fatal}
        return self._seal("error", f"err_{self._seq + 1:x}", payload, now)

    def _seal(self, kind: str, frame_id: str, payload: dict[str, Any], now: Instant) -> bytes:
        self._seq += 1
        frame = {
            "v": PROTOCOL_VERSION,
            "id": frame_id,
            "ts": render_instant(now),
            "nonce": self._nonce(),
            "seq": self._seq,
            "type": kind,
            "payload": payload,
        }
        try:
            wire = self._envelope.seal(frame)
        except (ValueError, TypeError, RecursionError) as error:
            raise InvalidInput(f"{kind} cannot be written as JSON: {error}") from None
        if len(wire) > MAX_SENT_BYTES:
            raise InvalidInput(f"the {kind} is larger than {MAX_SENT_BYTES} bytes")
        return wire

    def _nonce(self) -> str:
        return f"{self._nonce_prefix}{self._seq:x}"

    def _open(self, wire: bytes) -> dict[str, Any]:
        """A frame that is authentic and of the right form (§3.4, 1-3)."""
        if len(wire) > self._max_frame_bytes:
            raise refusal("json", f"the frame is larger than {self._max_frame_bytes} bytes")
        frame = self._envelope.open(wire, self._codec)
        frame_id, payload = frame.get("id"), frame.get("payload")
        if type(frame_id) is not str or not 0 < len(frame_id) <= MAX_ID:
            raise refusal("json", f"a frame has an id of 1 to {MAX_ID} characters")
        if type(payload) is not dict:
            raise refusal("json", "a frame has an object as payload")
        if frame["type"] == "command_result" and payload.get("status") not in STATUSES:
            raise refusal("status", "a command_result says success or failed")
        return frame

    def _effects(self, frame: dict[str, Any], now: Instant) -> tuple[Effect, ...]:
        frame_id, payload = frame["id"], frame["payload"]
        try:
            match frame["type"]:
                case "event_batch":
                    return (self._append(frame_id, payload, now),)
                case "heartbeat":
                    return (self._observe(payload, now),)
                case "agent_status":
                    return (Observe(parse_agent_status(payload, self.live, now)),)
                case "command_ack":
                    return (parse_command_ack(frame_id, payload),)
                case "command_result":
                    return (parse_command_result(frame_id, payload, self._redactor),)
                case "registry_delta" | "error":
                    return ()
                case kind:
                    raise refusal("type", f"{kind} is not for agents to send")
        except ValueError as error:
            raise refusal("json", f"{frame['type']}: {error}") from None

    def _append(self, frame_id: str, payload: dict[str, Any], now: Instant) -> Append:
        items = payload.get("events")
        if type(items) is not list:
            raise ValueError("events is not a list")
        if len(items) > MAX_EVENTS:
            # Refusing the frame would bring it back for ever (§5).
            reason = f"{len(items)} events in a frame, more than {MAX_EVENTS}"
            return Append(frame_id, (), (Rejection("", reason),), len(items))
        events, rejections = parse_events(
            items, self.live.project_id, now, self._codec, self._redactor
        )
        return Append(frame_id, events, rejections, len(items))

    def _observe(self, payload: dict[str, Any], now: Instant) -> Observe:
        report = parse_heartbeat(payload, self.live, now, self._codec)
        if report.queue_depths is None:
            return Observe(report)
        if self._depths is None:
            self._depths = DepthWatch()
        events = self._depths.observe(
            report.queue_depths,
            project_id=self.live.project_id,
            session_id=self.live.session_id,
            now=now,
        )
        return Observe(report, events)

    def _refuse(self, error: Refused) -> tuple[Effect, ...]:
        notice = Notice(
            Severity.WARNING,
            f"frame.refused.{error.details['reason']}",
            f"A frame was refused and its connection closed: {error.message}",
            {
                "agent": self.live.agent_id,
                "worker": self.live.hello.worker_id,
                "session": self.live.session_id,
            },
        )
        reason = error.message.encode()[:MAX_CLOSE_REASON].decode(errors="ignore")
        return Tell(notice), Close(error.close_code, reason)
