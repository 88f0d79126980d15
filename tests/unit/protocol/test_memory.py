"""Thousands of idle sessions cost little more than their names."""

from __future__ import annotations

import gc
import json
import tracemalloc
from typing import Any
from uuid import uuid4

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.handshake import parse_hello
from taskdeck.domain.ids import AgentId, ProjectId, SessionId
from taskdeck.domain.instants import SECOND, Instant, render_instant
from taskdeck.domain.session import AgentSession
from taskdeck.domain.sessions import LiveSession
from taskdeck.domain.signing import Envelope, Signer

SESSIONS = 200
FRAMES = 20
MOST = 1_280
"""Bytes of an idle session: its hello, its identity, its counters."""


def test_idle_session_is_small(
    vectors: dict[str, Any], signer: Signer, codec: OrjsonCodec, now: Instant
) -> None:
    hellos = [_hello(vectors, number) for number in range(SESSIONS)]
    agent_id, project_id = AgentId(str(uuid4())), ProjectId(str(uuid4()))
    sessions: list[AgentSession] = []
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number, wire in enumerate(hellos):
            live = LiveSession(
                session_id=SessionId(str(uuid4())),
                project_id=project_id,
                agent_id=agent_id,
                hello=parse_hello(wire, codec),
                opened_at=now + number,
            )
            session = AgentSession(live, signer, codec, uuid4().hex[:16])
            _talk(session, signer, now + SECOND + number)
            sessions.append(session)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (after - before) / len(sessions) <= MOST


def _hello(vectors: dict[str, Any], number: int) -> bytes:
    hello = json.loads(vectors["handshake_frames"][0]["wire"])
    hello["payload"] |= {"worker_id": f"bare-{number}-1770091506000", "worker_pid": 10_000 + number}
    return json.dumps(hello).encode()


def _talk(session: AgentSession, signer: Signer, now: Instant) -> None:
    live = session.live
    agent = Envelope(signer, live.agent_id, live.project_id, live.session_id)
    for seq in range(1, FRAMES + 1):
        frame = {
            "v": 2, "id": "hb_1", "ts": render_instant(now), "nonce": f"{seq:022x}", "seq": seq,
            "type": "heartbeat", "payload": {"adapter_health": {"celery.queue_depths": "{}"}},
        }  # fmt: skip
        assert len(session.receive(agent.seal(frame), now)) == 1
        session.acknowledge("ev_1", 1, 1, 0, now)
    assert session.last_seen == now
