"""The journal in memory."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from ...domain.audit import EVERYTHING, AuditFilter
from ...domain.errors import InvalidInput
from ...domain.ids import ProjectId
from ...domain.journal import Recorded, Write
from .state import MemoryState


class MemoryJournal:
    """Satisfies `Journal`."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def append(self, *writes: Write) -> tuple[Recorded, ...]:
        return self._state.append_writes(writes)

    async def read(
        self, stream: str, *, after: int = 0, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        entries = self._state.streams.get(stream, ())
        return tuple(entries[after : None if limit is None else after + limit])

    async def follow(self, after: str | None, *, limit: int = 1_000) -> tuple[Recorded, ...]:
        start = _place(after)
        return tuple(self._state.journal[start : start + limit])

    async def head(self) -> str | None:
        return self._state.journal[-1].cursor if self._state.journal else None

    async def count(self) -> int:
        return len(self._state.journal)

    async def audit(
        self,
        project_id: ProjectId,
        where: AuditFilter = EVERYTHING,
        *,
        before: str | None = None,
        limit: int = 100,
    ) -> Sequence[Recorded]:
        end = len(self._state.journal) if before is None else max(0, _place(before) - 1)
        newest = reversed(self._state.journal[:end])
        found = (
            each
            for each in newest
            if each.entry.project_id == project_id and where.matches(each.entry)
        )
        return list(islice(found, limit))


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 20):
        raise InvalidInput("this is not a cursor of the journal", field="cursor")
    return int(cursor)
