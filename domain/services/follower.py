"""Acts on what others wrote to the journal: the net below every wake-up."""

from __future__ import annotations

import asyncio

from ...ports.bus import Bus
from ...ports.clock import Clock
from ...ports.journal import Journal
from ...ports.metrics import Metrics
from ...ports.notices import Notices
from .. import session_entries
from ..bulk import BulkEntry
from ..commands import CommandEntry
from ..errors import StoreUnavailable
from ..fanout import Topic
from ..ids import AgentId, CommandId, SessionId, WorkerSlot
from ..journal import Recorded
from ..notices import Notice, Severity
from .agent_tokens import AgentTokens
from .bulk_runner import BulkRunner
from .dispatch import Dispatcher
from .sessions import Sessions

PAGE = 1_000
POLL_SECONDS = 1.0
"""The net below the bus, which may lose what it was told."""


class Follower:
    """Reads the journal from where it stood at the start and passes on what concerns this replica."""

    def __init__(
        self,
        *,
        journal: Journal,
        sessions: Sessions,
        tokens: AgentTokens,
        dispatcher: Dispatcher,
        bulks: BulkRunner,
        bus: Bus,
        clock: Clock,
        notices: Notices,
        metrics: Metrics,
    ) -> None:
        self._journal = journal
        self._bus = bus
        self._wake = asyncio.Event()
        self._sessions = sessions
        self._tokens = tokens
        self._dispatcher = dispatcher
        self._bulks = bulks
        self._clock = clock
        self._notices = notices
        self._metrics = metrics
        self._cursor: str | None = None

    async def start(self) -> None:
        """Remember the end of the journal; only later entries are followed."""
        self._cursor = await self._journal.head()

    async def run(self) -> None:
        """Follow for ever; end by cancelling."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._poll())
            group.create_task(self._follow())

    async def _listen(self) -> None:
        async with self._bus.subscribe() as changes:
            async for changed in changes:
                if any(change.topic is Topic.COMMANDS for change in changed):
                    self._wake.set()

    async def _poll(self) -> None:
        while True:
            await self._clock.sleep(POLL_SECONDS)
            self._wake.set()

    async def _follow(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.catch_up()
            except StoreUnavailable as error:
                self._notices.tell(Notice(Severity.WARNING, "journal.unreadable", error.message))

    async def catch_up(self) -> None:
        """Read to the end of the journal and act on each entry."""
        more = True
        while more:
            recorded = await self._journal.follow(self._cursor, limit=PAGE)
            for each in recorded:
                await self._act(each)
                self._metrics.followed(self._clock.now() - each.entry.at)
                self._cursor = each.cursor
            more = len(recorded) == PAGE

    async def _act(self, recorded: Recorded) -> None:
        _, _, name = recorded.stream.partition(":")
        entry = recorded.entry
        match entry.kind:
            case "agent.revoked":
                await self._sessions.revoke(AgentId(name))
            case "agent.token_rotated":
                self._tokens.limit(entry.data["ends"])
                await self._sessions.close_ended()
            case session_entries.OPENED:
                slot = WorkerSlot(AgentId(entry.data["agent_id"]), entry.data["worker_id"])
                await self._sessions.opened(slot, SessionId(name))
            case session_entries.CLOSED:
                slot = WorkerSlot(AgentId(entry.data["agent_id"]), entry.data["worker_id"])
                await self._sessions.ended(slot, SessionId(name))
                self._dispatcher.lost(SessionId(name))
            case BulkEntry.CREATED | BulkEntry.RESUMED:
                self._bulks.wake()
            case kind if kind.startswith("command."):
                self._dispatcher.recorded(recorded)
                if kind in (CommandEntry.ISSUED, CommandEntry.RELEASED):
                    self._dispatcher.noticed(entry.project_id, CommandId(name))
            case _:
                pass
