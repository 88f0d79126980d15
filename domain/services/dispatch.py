"""Open commands, moved along: claimed in the journal, sent, answered, timed out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ...ports.bus import Bus
from ...ports.clock import Clock
from ...ports.connection import Connection
from ...ports.journal import Journal
from ...ports.metrics import Metrics
from ...ports.notices import Notices
from ...ports.projection_store import ProjectionStore
from ...ports.registry import Registry
from ..effects import CommandFinished, CommandTaken
from ..errors import StoreUnavailable, VersionConflict
from ..fanout import Change, Topic
from ..ids import CommandId, ProjectId, SessionId
from ..journal import Recorded
from ..notices import Notice, Severity
from ..pauses import Pause
from ..session import AgentSession
from ..sessions import LiveSession
from .courier import Courier, Link
from .deciding import Decider
from .doubts import Doubts
from .occasions import Answered, DeadlinesDue, Lost, Noticed, Occasion, Opened
from .open_commands import OpenCommands
from .turn import Turn

DEADLINE_SECONDS = 0.5
"""How often deadlines are looked at."""
RETRY_SECONDS = 0.5
"""Pause while the journal is unavailable."""
MOST_WAITING = 200
"""Occasions; whoever answers above that is not read from for a while."""


class Dispatcher:
    """The only place on a replica that decides on commands after their issue.

    Occasions queue up and are handled in turns: decisions first, then one journal append, then what
    it allows to be sent. A claim is durable before its frame leaves, so a crash can leave a command
    unsent but never sends it twice.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        views: ProjectionStore,
        registry: Registry,
        courier: Courier,
        bus: Bus,
        clock: Clock,
        notices: Notices,
        metrics: Metrics,
    ) -> None:
        self._journal = journal
        self._registry = registry
        self._courier = courier
        self._bus = bus
        self._clock = clock
        self._notices = notices
        self._metrics = metrics
        self._open = OpenCommands(journal, views)
        self._doubts = Doubts(self._open)
        self._decider = Decider(self._open, courier, clock, notices)
        self._inbox: list[Occasion] = []
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._paused: set[Connection] = set()

    def attach(self, live: LiveSession, session: AgentSession, connection: Connection) -> None:
        self._courier.attach(Link(live, session, connection))
        self._post(Opened(live))

    def detach(self, live: LiveSession) -> None:
        self._courier.detach(live.session_id)
        self.lost(live.session_id)

    def lost(self, session_id: SessionId) -> None:
        """A session ended, here or on another replica."""
        self._post(Lost(session_id))

    def answered(
        self,
        project_id: ProjectId,
        answer: CommandTaken | CommandFinished,
        connection: Connection,
    ) -> None:
        """Never blocks; where too much waits, the socket that it came from is paused."""
        self._post(Answered(project_id, answer))
        if len(self._inbox) >= MOST_WAITING:
            connection.pause_reading(Pause.ANSWERS)
            self._paused.add(connection)

    def holds_up(self, connection: Connection) -> bool:
        """Whether this socket is paused: its silence is ours."""
        return connection in self._paused

    def recorded(self, recorded: Recorded) -> None:
        """The journal tells how a command went on, here or on another replica."""
        self._open.recorded(recorded)

    def noticed(self, project_id: ProjectId, command_id: CommandId) -> None:
        self._post(Noticed(project_id, command_id))

    async def load(self) -> None:
        """Take up all open commands, and lose the sessions that did not survive the last stop."""
        await self._open.load()
        claimed = [(each.project_id, each.claim) for each in self._open if each.claim is not None]
        live: set[SessionId] = set()
        for project_id in {project_id for project_id, _ in claimed}:
            sessions = await self._registry.sessions(project_id)
            live.update(session.session_id for session in sessions)
        for _, claim in claimed:
            if claim.session_id not in live:
                self._post(Lost(claim.session_id))

    async def run(self) -> None:
        """Work for ever; end by cancelling, after `drain`."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch_deadlines())
            group.create_task(self._take_turns())

    async def drain(self) -> None:
        """Wait until everything that happened so far is recorded."""
        await self._idle.wait()

    def _post(self, occasion: Occasion) -> None:
        self._inbox.append(occasion)
        self._idle.clear()
        self._arrived.set()

    async def _watch_deadlines(self) -> None:
        while True:
            await self._clock.sleep(DEADLINE_SECONDS)
            now = self._clock.now()
            if any(command.deadline <= now for command in self._open):
                self._post(DeadlinesDue())

    async def _take_turns(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            occasions, self._inbox = self._inbox, []
            await self._handle_patiently(occasions)
            self._resume()
            if not self._inbox:
                self._idle.set()

    def _resume(self) -> None:
        if len(self._inbox) < MOST_WAITING:
            paused, self._paused = self._paused, set()
            for connection in paused:
                connection.resume_reading(Pause.ANSWERS)

    async def _handle_patiently(self, occasions: Sequence[Occasion]) -> None:
        """Handle occasions in one turn; one by one where another writer decided first."""
        while True:
            try:
                await self._handle(occasions)
            except StoreUnavailable as error:
                self._notices.tell(Notice(Severity.ERROR, "commands.waiting", error.message))
                await self._clock.sleep(RETRY_SECONDS)
            except VersionConflict:
                if len(occasions) > 1:
                    for occasion in occasions:
                        await self._handle_patiently([occasion])
                    return
            else:
                return

    async def _handle(self, occasions: Sequence[Occasion]) -> None:
        await self._send_late()
        turn = Turn()
        for occasion in occasions:
            await self._decider.decide(turn, occasion)
        if not (writes := turn.writes()):
            return
        try:
            await self._journal.append(*writes)
        except VersionConflict:
            await self._open.read_again(turn.commands())
            raise
        except StoreUnavailable:
            self._doubts.add(turn)
            raise
        self._doubts.forget(turn)
        for command in turn.commands():
            self._open.remember(command)
            self._metrics.decided(command)
            self._bus.publish(Change(command.project_id, Topic.COMMANDS))
        for command in turn.claimed():
            self._courier.send(command)

    async def _send_late(self) -> None:
        """Send what was claimed by an append whose answer was lost."""
        for command in await self._doubts.settle():
            self._bus.publish(Change(command.project_id, Topic.COMMANDS))
            if self._clock.now() < command.deadline:
                self._courier.send(command)
