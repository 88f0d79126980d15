"""What a brain puts in order after one that stopped without a word: itself, or another replica."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from ...ports.clock import Clock
from ...ports.directory import Directory
from ...ports.journal import Journal
from ...ports.notices import Notices
from ...ports.registry import Registry
from ...ports.worker_views import WorkerViews
from .. import session_entries
from ..fleet import WorkerFilter
from ..ids import ProjectId, SessionId, WorkerSlot
from ..journal import Write
from ..notices import Notice, Severity
from ..projections.workers import Worker
from .session_log import append_settling

GROUP = 100
PAGE = 500


class Recovery:
    """Closes in the journal the sessions that nobody holds any more."""

    def __init__(
        self,
        *,
        workers: WorkerViews,
        journal: Journal,
        registry: Registry,
        directory: Directory,
        clock: Clock,
        notices: Notices,
    ) -> None:
        self._workers = workers
        self._journal = journal
        self._registry = registry
        self._directory = directory
        self._clock = clock
        self._notices = notices

    async def close_abandoned(self) -> int:
        """At start: close every open session that no replica announces. Returns how many."""
        writes = []
        for project in await self._directory.projects():
            workers = [worker async for worker in self._connected(project.id)]
            # Asked later, so that a session which opens meanwhile is announced by now.
            held = {live.session_id for live in await self._registry.sessions(project.id)}
            for worker in workers:
                session_id = worker.session_id
                if session_id is not None and session_id not in held:
                    writes.append(self._end(session_id, project.id, worker.slot))
        await self._append(writes)
        if writes:
            self._tell(len(writes), "The brain did not stop cleanly")
        return len(writes)

    async def close_orphans(self) -> int:
        """Close the sessions of replicas that are gone. Returns how many."""
        orphans = await self._registry.orphans()
        ends = [self._end(live.session_id, live.project_id, live.slot) for live in orphans]
        late = {write.stream for write in await self._append(ends)}
        # Closed already, or never opened: their replica stopped before it could say so.
        await self._append(
            [
                session_entries.write(live.session_id, session_entries.opened(live), *end.entries)
                for live, end in zip(orphans, ends, strict=True)
                if end.stream in late
            ]
        )
        for live in orphans:
            await self._registry.unregister(live.session_id)
        if orphans:
            self._tell(len(orphans), "Another replica was not heard of for too long")
        return len(orphans)

    async def _connected(self, project_id: ProjectId) -> AsyncIterator[Worker]:
        """All workers of which the journal says so."""
        cursor = None
        while True:
            page = await self._workers.page(
                project_id, WorkerFilter(online=True), cursor=cursor, limit=PAGE
            )
            for worker in page.workers:
                yield worker
            cursor = page.next_cursor
            if cursor is None:
                return

    async def _append(self, writes: Sequence[Write]) -> Sequence[Write]:
        late: list[Write] = []
        for start in range(0, len(writes), GROUP):
            late += await append_settling(self._journal, writes[start : start + GROUP])
        return late

    def _end(self, session_id: SessionId, project_id: ProjectId, slot: WorkerSlot) -> Write:
        at = self._clock.now()
        entry = session_entries.closed(
            session_id, project_id, slot, reason="crash", at=at, actor="brain"
        )
        return session_entries.write(session_id, entry)

    def _tell(self, closed: int, cause: str) -> None:
        self._notices.tell(
            Notice(
                Severity.WARNING,
                "sessions.abandoned",
                f"{cause}: {closed} session(s) were left open and are closed now. Their agents "
                "send again what was not acknowledged.",
            )
        )
