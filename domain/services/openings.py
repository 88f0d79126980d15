"""How often one agent may open sessions: each one leaves entries in the journal for good."""

from __future__ import annotations

from ...ports.clock import Clock
from ..ids import AgentId
from ..instants import SECOND, Instant

LEAST_BURST = 200
BURSTS = 4
"""All processes of an agent may come back so often at once."""
REFILL_SECONDS = 600
"""In which they may all come back once more."""


class Openings:
    """A token bucket for each agent, on this replica. Agents are few: somebody minted each."""

    def __init__(self, per_agent: int, clock: Clock) -> None:
        """`per_agent` is how many sessions an agent may have at a time."""
        self._most = max(LEAST_BURST, BURSTS * per_agent)
        self._per_second = max(1.0, per_agent / REFILL_SECONDS)
        self._clock = clock
        self._left: dict[AgentId, tuple[float, Instant]] = {}

    def take(self, agent_id: AgentId) -> bool:
        """Whether the agent may open another one now."""
        now = self._clock.now()
        left, at = self._left.get(agent_id, (self._most, now))
        left = min(self._most, left + max(0, now - at) / SECOND * self._per_second)
        self._left[agent_id] = (max(0.0, left - 1), now)
        return left >= 1
