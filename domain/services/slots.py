"""Which session of this replica holds which worker's slot (agent-protocol.md §10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ...ports.connection import Connection
from ..ids import AgentId, WorkerSlot
from ..session import AgentSession
from ..sessions import LiveSession


@dataclass(slots=True)
class OpenSession:
    """A live session with its socket."""

    live: LiveSession
    session: AgentSession
    connection: Connection
    announced: bool = False
    """Its opening was seen in the journal, by which replicas agree on who came first."""
    token_id: str = ""


class Slots:
    """At most one session a slot."""

    def __init__(self) -> None:
        self._held: dict[WorkerSlot, OpenSession] = {}
        self._per_agent: Counter[AgentId] = Counter()

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[OpenSession]:
        """All at this moment, whatever is taken or released meanwhile."""
        return iter(list(self._held.values()))

    def holder(self, slot: WorkerSlot) -> OpenSession | None:
        return self._held.get(slot)

    def holds(self, opened: OpenSession) -> bool:
        return self._held.get(opened.live.slot) is opened

    def has_room(self, slot: WorkerSlot, per_agent: int) -> bool:
        """Whether one more session of the agent is allowed; one that replaces another always is."""
        return slot in self._held or self._per_agent[slot.agent_id] < per_agent

    def take(self, opened: OpenSession) -> None:
        """The slot must be free."""
        self._held[opened.live.slot] = opened
        self._per_agent[opened.live.agent_id] += 1

    def release(self, opened: OpenSession) -> None:
        """The session must hold its slot."""
        live = opened.live
        del self._held[live.slot]
        self._per_agent[live.agent_id] -= 1
        if not self._per_agent[live.agent_id]:
            del self._per_agent[live.agent_id]
