"""The recorded vectors, and the other end of the wire: an agent that shares no code with ours."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.handshake import parse_hello
from taskdeck.domain.ids import AgentId, ProjectId, SessionId
from taskdeck.domain.instants import Instant, parse_instant
from taskdeck.domain.session import AgentSession
from taskdeck.domain.sessions import LiveSession
from taskdeck.domain.signing import Signer

VECTORS = Path(__file__).parents[2] / "vectors" / "vectors.json"
SECTIONS = {
    "key_vector": "key_derivation",
    "canonical_vector": "canonical_json",
    "unrepresentable_vector": "canonical_json_not_representable",
    "signed_vector": "signed_frames",
    "rejected_vector": "rejected_frames",
    "purge_vector": "purge_tokens",
}
"""Argument of a test -> section of vectors.json: the test runs once for each entry."""


def load_vectors() -> dict[str, Any]:
    """vectors.json, read with a parser that keeps integers exact."""
    vectors: dict[str, Any] = json.loads(VECTORS.read_text())
    return vectors


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    vectors = load_vectors() if SECTIONS.keys() & set(metafunc.fixturenames) else {}
    for argument, section in SECTIONS.items():
        if argument in metafunc.fixturenames:
            entries = vectors[section]
            metafunc.parametrize(argument, entries, ids=[_name(entry) for entry in entries])


def _name(entry: dict[str, Any]) -> str:
    return str(entry.get("name") or f"{entry['queue']}-{entry['depth']}")


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    return load_vectors()


@pytest.fixture(scope="session")
def codec() -> OrjsonCodec:
    return OrjsonCodec()


@pytest.fixture(scope="session")
def now(vectors: dict[str, Any]) -> Instant:
    """The receiver's clock in the vectors."""
    return parse_instant(vectors["session"]["now"])


@pytest.fixture(scope="session")
def signer(vectors: dict[str, Any]) -> Signer:
    return Signer(bytes.fromhex(vectors["session"]["key_hex"]))


@pytest.fixture(scope="session")
def live(vectors: dict[str, Any], codec: OrjsonCodec, now: Instant) -> LiveSession:
    context = vectors["session"]
    return LiveSession(
        session_id=SessionId(context["session_id"]),
        project_id=ProjectId(context["project_id"]),
        agent_id=AgentId(context["agent_id"]),
        hello=parse_hello(vectors["handshake_frames"][0]["wire"].encode(), codec),
        opened_at=now,
    )


@pytest.fixture(scope="session")
def open_session(
    live: LiveSession, signer: Signer, codec: OrjsonCodec
) -> Callable[[], AgentSession]:
    return lambda: AgentSession(live, signer, codec, "nonce-prefix-16c")


@pytest.fixture
def session(open_session: Callable[[], AgentSession]) -> AgentSession:
    return open_session()


@pytest.fixture(scope="session")
def sign(vectors: dict[str, Any]) -> Callable[[dict[str, Any]], bytes]:
    """Signs a frame as an agent does, with plain json and hmac (vectors.md)."""
    mac = _mac_of(vectors["session"])
    return lambda frame: json.dumps({**frame, "hmac": mac(frame)}, ensure_ascii=False).encode()


@pytest.fixture(scope="session")
def verify(vectors: dict[str, Any]) -> Callable[[bytes], dict[str, Any]]:
    """Reads a frame as an agent does; fails the test if its signature does not hold."""
    mac = _mac_of(vectors["session"])

    def read(wire: bytes) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(wire)
        given = frame.pop("hmac")
        assert given == mac(frame)
        return frame

    return read


@pytest.fixture
def agent_frame(
    vectors: dict[str, Any], sign: Callable[[dict[str, Any]], bytes]
) -> Callable[..., bytes]:
    """`agent_frame(type, payload, **fields)`: the next frame of an agent, signed."""
    numbers = itertools.count(1)
    ts = vectors["session"]["now"]

    def build(kind: str, payload: Any, /, **fields: Any) -> bytes:
        number = next(numbers)
        frame = {
            "v": 2, "id": f"f_{number}", "ts": ts, "nonce": f"nonce-{number}", "seq": number,
            "type": kind, "payload": payload,
        }  # fmt: skip
        return sign({**frame, **fields})

    return build


def _mac_of(context: dict[str, Any]) -> Callable[[dict[str, Any]], str]:
    key = bytes.fromhex(context["key_hex"])
    ids = {name: context[name] for name in ("agent_id", "project_id", "session_id")}

    def mac(frame: dict[str, Any]) -> str:
        envelope = json.dumps(
            {**frame, **ids},
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
            allow_nan=False,
        )
        return hmac.new(key, envelope.encode(), hashlib.sha256).hexdigest()

    return mac
