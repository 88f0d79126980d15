"""The log of decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..domain.audit import EVERYTHING, AuditFilter
from ..domain.ids import ProjectId
from ..domain.journal import Recorded, Write


class Journal(Protocol):
    """Streams of entries with versions, chained by hash.

    `append` is atomic over all its writes, durable when it returns, and folds the views of journal
    rows (commands, agents, keys, users, projects, workers) in the same transaction. It raises
    VersionConflict, having written nothing, when a stream does not hold exactly
    `expected_version` entries: of two writers who decide on the same facts, one wins.
    """

    async def append(self, *writes: Write) -> tuple[Recorded, ...]: ...

    async def read(
        self, stream: str, *, after: int = 0, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        """A stream from behind a version, whole or so many entries; empty if there is none."""
        ...

    async def follow(self, after: str | None, *, limit: int = 1_000) -> tuple[Recorded, ...]:
        """Entries of all streams after a cursor, oldest first. None starts at the beginning."""
        ...

    async def head(self) -> str | None:
        """The cursor of the last entry; following it gives only what comes later."""
        ...

    async def count(self) -> int:
        """How many entries `follow` gives from the beginning, for a progress bar."""
        ...

    async def audit(
        self,
        project_id: ProjectId,
        where: AuditFilter = EVERYTHING,
        *,
        before: str | None = None,
        limit: int = 100,
    ) -> Sequence[Recorded]:
        """Entries of a project that match, newest first, from before a cursor."""
        ...
