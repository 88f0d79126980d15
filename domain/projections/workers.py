"""Workers: who they are and whether they are there, from the journal of sessions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..ids import AgentId, ProjectId, SessionId, WorkerSlot
from ..instants import Instant
from ..journal import Entry, Recorded
from ..sessions import Hello
from .worker_health import WorkerHealth

_POD = re.compile(r"-[a-f0-9]{6,10}-[a-z0-9]{5}$")
"""What Kubernetes appends to the name of a deployment."""
_NUMBERS = "-_0123456789"
MAX_DEPLOYMENT = 200
_MOST_OF_ENGINES = 100
_CONTAINER = re.compile(r"^[a-f0-9]{12}$")


@dataclass(slots=True)
class Worker:
    """A worker slot with its latest session. Folding entries commutes and may repeat."""

    project_id: ProjectId
    slot: WorkerSlot
    session_id: SessionId | None = None
    hello: Hello | None = None
    opened_at: Instant = -1
    closed_at: Instant | None = None
    close_reason: str | None = None
    health: WorkerHealth | None = None
    """Soft state: not rebuilt from the logs, relearned with the next heartbeat."""

    @property
    def online(self) -> bool:
        return self.session_id is not None and self.closed_at is None

    @property
    def left_at(self) -> Instant | None:
        """None while it is online, -1 if it was never seen to come."""
        if self.online:
            return None
        return self.opened_at if self.closed_at is None else self.closed_at

    @property
    def names(self) -> tuple[str, ...]:
        """What events may call this process: Celery's node name, or dramatiq's host and pid
        (§6.3-6.4)."""
        names = (self.slot.worker_id, self.health.node if self.health else None, self.process)
        return tuple(name for name in names if name)

    @property
    def process(self) -> str | None:
        """Host and process, while both are known."""
        if self.hello is None or self.hello.worker_pid is None:
            return None
        return f"{self.hello.host_name}@{self.hello.worker_pid}"

    @property
    def deployment(self) -> str:
        """Engines and host without its random or counted end: the same after each deploy.

        Empty before the first hello.
        """
        if self.hello is None:
            return ""
        host = _POD.sub("", self.hello.host_name)
        host = "containers" if _CONTAINER.match(host) else host.rstrip(_NUMBERS) or host
        engines = ", ".join(self.hello.engines)[:_MOST_OF_ENGINES] or "no engine"
        return f"{engines} · {host}"[:MAX_DEPLOYMENT]

    def fold(self, entry: Entry) -> None:
        """Take in a `session.opened` or `session.closed` of this slot.

        Entries of one session come in order, those of different sessions need not: a close counts
        only for the session that is known as the latest.
        """
        session_id = SessionId(entry.data["session_id"])
        if entry.kind == "session.opened":
            if (entry.at, session_id) > (self.opened_at, self.session_id or ""):
                self.session_id = session_id
                self.hello = Hello.from_data(entry.data)
                self.opened_at = entry.at
                self.closed_at = self.close_reason = None
        elif entry.kind == "session.closed" and session_id == self.session_id:
            self.closed_at = entry.at
            self.close_reason = entry.data["reason"]

    def to_document(self) -> dict[str, Any]:
        """All but the slot and the health, as a JSON object that `from_document` reads."""
        return {
            "session_id": self.session_id,
            "hello": None if self.hello is None else self.hello.to_data(),
            "opened_at": self.opened_at,
            "closed_at": self.closed_at,
            "close_reason": self.close_reason,
        }

    @classmethod
    def from_document(
        cls, project_id: ProjectId, slot: WorkerSlot, document: Mapping[str, Any]
    ) -> Worker:
        hello = document["hello"]
        return cls(
            project_id=project_id,
            slot=slot,
            session_id=document["session_id"],
            hello=None if hello is None else Hello.from_data(hello),
            opened_at=document["opened_at"],
            closed_at=document["closed_at"],
            close_reason=document["close_reason"],
        )


def slot_of(entry: Entry) -> WorkerSlot:
    """The slot that a session's entry is about."""
    return WorkerSlot(AgentId(entry.data["agent_id"]), entry.data["worker_id"])


def slots_of(recorded: Iterable[Recorded]) -> set[tuple[ProjectId, WorkerSlot]]:
    """Those that these entries of sessions are about."""
    return {(each.entry.project_id, slot_of(each.entry)) for each in recorded}


def fold_workers(stored: Iterable[Worker], recorded: Sequence[Recorded]) -> list[Worker]:
    """The workers that these entries of sessions are about, out of those there were."""
    workers = {(worker.project_id, worker.slot): worker for worker in stored}
    for each in recorded:
        key = each.entry.project_id, slot_of(each.entry)
        workers.setdefault(key, Worker(*key)).fold(each.entry)
    return list(workers.values())
