"""Keys and signatures of the agent protocol (agent-protocol.md §3)."""

from __future__ import annotations

import base64
import hmac
from typing import Any
from uuid import UUID

from . import close_codes
from .canonical import FastCodec, canonical_json, parse_exact
from .errors import Refused

PROTOCOL_VERSION = 2
UNSIGNED_TYPES = frozenset({"hello", "hello_ack"})
FRAME_TYPES = UNSIGNED_TYPES | frozenset(
    {
        "event_batch",
        "event_batch_ack",
        "heartbeat",
        "agent_status",
        "command",
        "command_ack",
        "command_result",
        "registry_delta",
        "error",
    }
)


def derive_project_key(master: bytes, project_id: str) -> bytes:
    """The 32-byte key of a project. The UUID goes in with its first groups byte-reversed (§3.1)."""
    message = b"z4j-project-secret-v1:" + UUID(project_id).bytes_le
    return hmac.digest(master, message, "sha256")


def encode_secret(key: bytes) -> str:
    """A key as agents take it in `Z4J_HMAC_SECRET`."""
    return base64.urlsafe_b64encode(key).decode()


class Signer:
    """Signs and checks with one project's key; shared by all its sessions."""

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        # Keyed once, then copied: a quarter cheaper than hmac.digest for small frames.
        self._keyed = hmac.new(key, digestmod="sha256")

    def __repr__(self) -> str:
        return "Signer(…)"

    def sign(self, message: bytes) -> str:
        mac = self._keyed.copy()
        mac.update(message)
        return mac.hexdigest()

    def holds(self, message: bytes, signature: object) -> bool:
        """Whether this is the signature of the message. Takes as long whatever the answer."""
        return (
            isinstance(signature, str)
            and signature.isascii()
            and hmac.compare_digest(signature, self.sign(message))
        )

    def purge_token(self, queue: str, depth: int) -> str:
        """The token that confirms a purge of a queue of exactly this depth (§8.5)."""
        return self.sign(f"purge|{queue}|{depth}".encode())


class Envelope:
    """Who speaks in a session: the three ids that are signed but never sent (§3.2).

    Raises ValueError for an id that JSON would have to escape; ours are UUIDs.
    """

    __slots__ = ("agent_id", "project_id", "session_id", "signer")

    def __init__(self, signer: Signer, agent_id: str, project_id: str, session_id: str) -> None:
        if not all(map(is_plain, (agent_id, project_id, session_id))):
            raise ValueError("the ids of a session are printable ASCII without quotes")
        self.signer = signer
        self.agent_id = agent_id
        self.project_id = project_id
        self.session_id = session_id

    def seal(self, frame: dict[str, Any]) -> bytes:
        """The wire form of a frame, signed. Exact for every value.

        Raises ValueError for what JSON cannot say: NaN, infinities, lone surrogates.
        """
        signature = self.signer.sign(canonical_json(self._around(dict(frame))))
        return canonical_json({**frame, "hmac": signature})

    def open(self, wire: bytes, codec: FastCodec) -> dict[str, Any]:
        """The frame as it was signed: with the three ids, without its `hmac`.

        Raises Refused when it is malformed or its signature does not hold (§3.4, 1-2). The fast
        codec proves most signatures; where it fails, the exact parse decides, and its result is
        the frame: the fast one may have damaged large integers. A sender of garbage reaches that
        second try once, for the refusal ends the connection.
        """
        try:
            frame = _checked(codec.loads(wire))
            signature = frame.pop("hmac", None)
            if self.signer.holds(codec.dumps_sorted(self._around(frame)), signature):
                return frame
        except (ValueError, TypeError):
            pass
        return self._open_exactly(wire)

    def _open_exactly(self, wire: bytes) -> dict[str, Any]:
        try:
            frame = _checked(parse_exact(wire))
            signature = frame.pop("hmac", None)
            message = canonical_json(self._around(frame))
        except (ValueError, RecursionError):
            # Neither text nor position of the fault: the bytes are anybody's.
            raise refusal("json", "the frame is not JSON that can be signed") from None
        if self.signer.holds(message, signature):
            return frame
        raise refusal(
            "hmac",
            "bad signature: wrong Z4J_HMAC_SECRET, or the frame was changed on its way",
            close_codes.BAD_SIGNATURE,
        )

    def _around(self, frame: dict[str, Any]) -> dict[str, Any]:
        """The frame with our ids, whatever it says of them itself: agents do the same."""
        frame["agent_id"] = self.agent_id
        frame["project_id"] = self.project_id
        frame["session_id"] = self.session_id
        return frame


def is_plain(text: str) -> bool:
    """Whether JSON certainly writes this text as it is: printable ASCII, nothing to escape."""
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def refusal(reason: str, message: str, close_code: int = close_codes.MALFORMED) -> Refused:
    """A refused frame; `reason` is one of those in vectors.md."""
    return Refused(message, close_code=close_code, reason=reason)


def _checked(frame: Any) -> dict[str, Any]:
    if type(frame) is not dict:
        raise refusal("json", "the frame is not a JSON object")
    version = frame.get("v")
    if type(version) is not int or version != PROTOCOL_VERSION:
        raise refusal("version", f"frames of version {PROTOCOL_VERSION} only")
    kind = frame.get("type")
    if type(kind) is not str or kind not in FRAME_TYPES:
        raise refusal("type", "unknown frame type")
    if kind in UNSIGNED_TYPES:
        raise refusal("type", f"{kind} only opens a session, and this one is open")
    return frame
