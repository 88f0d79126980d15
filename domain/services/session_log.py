"""Opening and closing of sessions, journalled in groups so that thousands may connect at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from ...ports.clock import Clock
from ...ports.journal import Journal
from ...ports.notices import Notices
from .. import session_entries
from ..errors import StoreUnavailable, VersionConflict
from ..ids import SessionId
from ..instants import Instant
from ..journal import Write
from ..notices import Notice, Severity
from ..sessions import LiveSession

GROUP = 100
MOST_WAITING = 20_000
RETRY_SECONDS = 1.0


@dataclass(slots=True)
class _Waiting:
    """What is to be told of one session. Entries are made only when they are written: a burst of
    connects would otherwise leave its peak of memory behind."""

    live: LiveSession
    opened: bool = False
    closed_at: Instant = 0
    reason: str | None = None

    def write(self) -> Write:
        live, entries = self.live, []
        if self.opened:
            entries.append(session_entries.opened(live))
        if self.reason is not None:
            entries.append(
                session_entries.closed(
                    live.session_id,
                    live.project_id,
                    live.slot,
                    reason=self.reason,
                    at=self.closed_at,
                    actor=f"agent:{live.agent_id}",
                )
            )
        return session_entries.write(live.session_id, *entries)


async def append_settling(journal: Journal, writes: Sequence[Write]) -> Sequence[Write]:
    """Append what is not in the journal yet; returns what did not fit. Of a session's end there may be
    several witnesses, and an append whose answer was lost may have been made: whoever comes late
    has nothing to add."""
    try:
        await journal.append(*writes)
    except VersionConflict:
        if len(writes) == 1:
            return writes
        return [late for write in writes for late in await append_settling(journal, [write])]
    return ()


class SessionLog:
    """Writes `session.opened` and `session.closed`, at most `GROUP` streams a transaction, and tells
    operators."""

    def __init__(self, journal: Journal, clock: Clock, notices: Notices) -> None:
        self._journal = journal
        self._clock = clock
        self._notices = notices
        self._waiting: dict[SessionId, _Waiting] = {}
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def full(self) -> bool:
        """The database cannot keep up with connects; admit nobody now."""
        return len(self._waiting) >= MOST_WAITING

    def opened(self, live: LiveSession) -> None:
        self._waiting_for(live).opened = True
        self._tell(live, "session.opened", "A worker connected.")

    def closed(self, live: LiveSession, reason: str) -> None:
        """Tell of an end; it joins its own opening if that is still waiting."""
        waiting = self._waiting_for(live)
        waiting.closed_at, waiting.reason = self._clock.now(), reason
        self._tell(live, "session.closed", f"A worker is gone: {reason}.")

    def _tell(self, live: LiveSession, code: str, message: str) -> None:
        details = {
            "session": live.session_id,
            "agent": live.agent_id,
            "worker": live.hello.worker_id,
        }
        self._notices.tell(Notice(Severity.INFO, code, message, details))

    async def run(self) -> None:
        """Write for ever; end by cancelling, after `drain`."""
        while True:
            await self._arrived.wait()
            group = list(islice(self._waiting, GROUP))
            await self._write([self._waiting.pop(session_id).write() for session_id in group])
            if not self._waiting:
                self._arrived.clear()
                self._idle.set()

    async def drain(self) -> None:
        await self._idle.wait()

    async def _write(self, writes: Sequence[Write]) -> None:
        while True:
            try:
                await append_settling(self._journal, writes)
            except StoreUnavailable:
                await self._clock.sleep(RETRY_SECONDS)
            else:
                return

    def _waiting_for(self, live: LiveSession) -> _Waiting:
        self._idle.clear()
        self._arrived.set()
        return self._waiting.setdefault(live.session_id, _Waiting(live))
