"""The first message each way: hello and hello_ack (agent-protocol.md §2.2, §2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from . import close_codes
from .canonical import FastCodec
from .errors import Refused
from .fields import count, instant, mapping, optional_text, storable, text, texts
from .ids import LEGACY_WORKER
from .sessions import Hello, LiveSession
from .signing import PROTOCOL_VERSION

MAX_HELLO_BYTES = 128 * 1024
MAX_NAMES = 64
MAX_NAME = 40
MAX_CAPABILITIES = 128
MAX_TOKEN = 64


def parse_hello(wire: bytes, codec: FastCodec) -> Hello:
    """Read a hello. Raises Refused: 4400 for a malformed one, 4426 for another protocol."""
    try:
        frame = codec.loads(wire) if len(wire) <= MAX_HELLO_BYTES else None
    except ValueError:
        frame = None
    if not isinstance(frame, dict) or frame.get("type") != "hello":
        raise _malformed("the first message is not a hello of at most 128 KiB")
    payload = frame.get("payload")
    if not isinstance(payload, dict):
        raise _malformed("the hello has no payload")
    version = payload.get("protocol_version")
    if frame.get("v") != PROTOCOL_VERSION or version != str(PROTOCOL_VERSION):
        raise Refused(
            f"The agent speaks protocol {str(version)[:40]!r}; this brain speaks "
            f"{PROTOCOL_VERSION}. Install z4j agent packages 1.x.",
            close_code=close_codes.UNSUPPORTED_VERSION,
        )
    try:
        return _hello(payload)
    except ValueError as error:
        raise _malformed(f"hello: {error}") from None


def hello_ack(
    live: LiveSession, *, brain_version: str, heartbeat_seconds: int, max_frame_bytes: int
) -> dict[str, Any]:
    """The answer that admits a process; everything after it is signed."""
    return {
        "v": PROTOCOL_VERSION,
        "id": f"hack_{live.session_id[:16]}",
        "ts": None,
        "type": "hello_ack",
        "payload": {
            "protocol_version": str(PROTOCOL_VERSION),
            "brain_version": brain_version,
            "agent_id": live.agent_id,
            "project_id": live.project_id,
            "session_id": live.session_id,
            "heartbeat_interval_seconds": heartbeat_seconds,
            "max_frame_size_bytes": max_frame_bytes,
        },
    }


def _hello(payload: dict[str, Any]) -> Hello:
    return Hello(
        agent_version=_one(text(payload, "agent_version", MAX_NAME, "0.0.0")),
        framework=_one(text(payload, "framework", MAX_NAME, "")),
        engines=_one(texts(payload, "engines", MAX_NAMES, MAX_NAME)),
        schedulers=_one(texts(payload, "schedulers", MAX_NAMES, MAX_NAME)),
        capabilities=_capabilities(payload),
        host_name=_one(_host_name(payload)),
        worker_id=optional_text(payload, "worker_id", 128) or LEGACY_WORKER,
        worker_role=_one(optional_text(payload, "worker_role", 32)),
        worker_pid=count(payload.get("worker_pid")),
        worker_started_at=instant(payload.get("worker_started_at")),
        runtime_features=_one(frozenset(texts(payload, "runtime_features", MAX_NAMES, MAX_TOKEN))),
    )


def _capabilities(payload: dict[str, Any]) -> Mapping[str, frozenset[str]]:
    named = mapping(payload, "capabilities", MAX_NAMES)
    if any(len(name) > MAX_NAME for name in named):
        raise ValueError(f"capabilities has a name of more than {MAX_NAME} characters")
    return _shared_capabilities(
        frozenset(
            (storable(name), _one(frozenset(texts(named, name, MAX_CAPABILITIES, MAX_TOKEN))))
            for name in named
        )
    )


@lru_cache(maxsize=1024)
def _shared_capabilities(
    named: frozenset[tuple[str, frozenset[str]]],
) -> Mapping[str, frozenset[str]]:
    return MappingProxyType(dict(named))


@lru_cache(maxsize=1024)
def _one(value: Any) -> Any:
    """One object for all that is equal: thousands of connections say the same of themselves."""
    return value


def _host_name(payload: dict[str, Any]) -> str:
    host = payload.get("host")
    name = host.get("name") if isinstance(host, dict) else None
    return storable(name[:64]) if isinstance(name, str) else ""


def _malformed(message: str) -> Refused:
    return Refused(message, close_code=close_codes.MALFORMED)
