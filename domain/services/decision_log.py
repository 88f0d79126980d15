"""Writing down what operators decide."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ...ports.clock import Clock
from ...ports.journal import Journal
from ..errors import Conflict, VersionConflict
from ..ids import ProjectId
from ..journal import Entry, Recorded, Write

ATTEMPTS = 5


class DecisionLog:
    """Each decision is one entry of its stream, at the time of the clock."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def write(
        self,
        stream: str,
        expected_version: int,
        kind: str,
        actor: str,
        project_id: ProjectId,
        data: Mapping[str, Any] | None = None,
    ) -> Write:
        """What `record` takes."""
        entry = Entry(
            kind=kind, at=self._clock.now(), actor=actor, project_id=project_id, data=data or {}
        )
        return Write(stream=stream, expected_version=expected_version, entries=(entry,))

    async def record(self, *writes: Write) -> None:
        """Raises VersionConflict, having recorded nothing."""
        await self._journal.append(*writes)

    async def settle(self, decide: Callable[[], Awaitable[Write | None]]) -> None:
        """Record what `decide` says about things as they are; None is nothing to do.

        Asks again when somebody else decided in between.
        """
        for _ in range(ATTEMPTS):
            decided = await decide()
            if decided is None:
                return None
            try:
                return await self.record(decided)
            except VersionConflict:
                continue
        raise Conflict("Others keep changing the same. Try again.")

    async def read(self, stream: str) -> tuple[Recorded, ...]:
        return await self._journal.read(stream)
