"""Who is connected: admission, slots, time-outs, and what a session's effects set in motion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from sys import intern

from ...ports.bus import Bus
from ...ports.clock import Clock
from ...ports.codec import Codec
from ...ports.connection import Connection
from ...ports.ids import IdSource
from ...ports.notices import Notices
from ...ports.registry import Registry
from .. import close_codes
from ..canonical import canonical_json
from ..effects import Append, Close, CommandFinished, CommandTaken, Observe, Tell
from ..errors import Refused, StoreUnavailable
from ..fanout import Change, Topic
from ..handshake import hello_ack, parse_hello
from ..ids import AgentId, ProjectId, SessionId, WorkerSlot
from ..instants import SECOND
from ..notices import Notice, Severity
from ..pauses import Pause
from ..redaction import UNREDACTED, Redactor
from ..session import AgentSession
from ..sessions import LiveSession
from .agent_tokens import Admitted, AgentTokens
from .dispatch import Dispatcher
from .enrolment import Enrolment
from .ingest import Delivery, Ingest
from .keyring import Keyring
from .openings import Openings
from .session_log import SessionLog
from .slots import OpenSession, Slots


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    per_agent: int = 1_024
    """Live sessions of one agent; more are refused with 4429."""
    idle_seconds: int = 90
    heartbeat_seconds: int = 10
    max_frame_bytes: int = 1024 * 1024


class Sessions:
    """Live sessions of this replica."""

    def __init__(
        self,
        *,
        tokens: AgentTokens,
        registry: Registry,
        log: SessionLog,
        ingest: Ingest,
        dispatcher: Dispatcher,
        keyring: Keyring,
        codec: Codec,
        clock: Clock,
        ids: IdSource,
        bus: Bus,
        notices: Notices,
        limits: SessionLimits,
        version: str,
        redactor: Redactor = UNREDACTED,
    ) -> None:
        self._tokens = tokens
        self._enrolment = Enrolment(registry)
        self._log = log
        self._ingest = ingest
        self._dispatcher = dispatcher
        self._keyring = keyring
        self._codec = codec
        self._clock = clock
        self._ids = ids
        self._bus = bus
        self._notices = notices
        self._limits = limits
        self._version = version
        self._redactor = redactor
        self._slots = Slots()
        self._openings = Openings(limits.per_agent, clock)
        self._closing = False

    def __len__(self) -> int:
        return len(self._slots)

    async def open(self, admitted: Admitted, wire: bytes, connection: Connection) -> OpenSession:
        """Admit a process by its hello; the hello_ack is sent. Raises Refused.

        A hello for a slot that is taken replaces the session before it: the process came back
        before its break was seen (agent-protocol.md §10).
        """
        agent = admitted.agent
        self._tokens.check(admitted)
        hello = parse_hello(wire, self._codec)
        now = self._clock.now()
        live = LiveSession(
            session_id=SessionId(self._ids.uuid()),
            # Thousands of sessions share few agents: one copy of each id.
            project_id=ProjectId(intern(agent.project_id)),
            agent_id=AgentId(intern(agent.id)),
            hello=hello,
            opened_at=now,
        )
        self._check_room(live)
        signer = self._keyring.signer(agent.project_id)
        session = AgentSession(
            live,
            signer,
            self._codec,
            self._ids.secret()[:16],
            self._limits.max_frame_bytes,
            self._redactor,
        )
        opened = OpenSession(live, session, connection, token_id=admitted.token_id)
        replaced = self._slots.holder(live.slot)
        if replaced is not None:
            replaced.connection.close(close_codes.REPLACED, "replaced by a newer connection")
            self._release(replaced, "replaced")
        self._slots.take(opened)
        self._log.opened(live)
        connection.send(
            [
                canonical_json(
                    hello_ack(
                        live,
                        brain_version=self._version,
                        heartbeat_seconds=self._limits.heartbeat_seconds,
                        max_frame_bytes=self._limits.max_frame_bytes,
                    )
                )
            ]
        )
        await self._register(opened, replaced)
        self._dispatcher.attach(live, session, connection)
        self._bus.publish(Change(live.project_id, Topic.WORKERS))
        return opened

    def receive(self, opened: OpenSession, wire: bytes) -> None:
        """Take one message of an open session and do what follows from it."""
        for effect in opened.session.receive(wire, self._clock.now()):
            match effect:
                case Append():
                    self._deliver(opened, effect)
                case Observe():
                    self._ingest.submit(effect)
                case CommandTaken() | CommandFinished():
                    self._dispatcher.answered(opened.live.project_id, effect, opened.connection)
                case Tell(notice):
                    self._notices.tell(notice)
                case Close(code, reason):
                    opened.connection.close(code, reason)

    async def closed(self, opened: OpenSession, reason: str) -> None:
        """The socket of a session is gone. May be called twice."""
        if self._slots.holds(opened):
            self._release(opened, reason)
            await self._enrolment.leave(opened.live.session_id)

    async def close_idle(self) -> None:
        """End sessions from which nothing was heard for `idle_seconds` (4408)."""
        now = self._clock.now()
        horizon = now - self._limits.idle_seconds * SECOND
        idle = []
        for each in self._slots:
            if each.session.last_seen >= horizon:
                continue
            if self._ingest.holds_up(each.connection) or self._dispatcher.holds_up(each.connection):
                each.session.touch(now)
            else:
                idle.append(each)
        await self._end(idle, close_codes.IDLE, "nothing received for too long", "idle")

    async def revoke(self, agent_id: AgentId) -> None:
        """End all sessions of a revoked agent (4003), also those that have not said hello yet."""
        self._tokens.revoke(agent_id)
        held = [each for each in self._slots if each.live.agent_id == agent_id]
        await self._end(held, close_codes.REVOKED, "token revoked", "revoked")

    async def close_ended(self) -> None:
        """End sessions whose token was replaced and is over (4003)."""
        over = self._tokens.ended()
        if over:
            held = [each for each in self._slots if each.token_id in over]
            await self._end(held, close_codes.REVOKED, "token replaced", "token ended")

    async def opened(self, slot: WorkerSlot, session_id: SessionId) -> None:
        """The journal tells of an opening, here or on another replica: the later one has the slot."""
        held = self._slots.holder(slot)
        if held is None:
            return
        if held.live.session_id == session_id:
            held.announced = True
        elif held.announced:
            await self._end([held], close_codes.REPLACED, "replaced on another replica", "replaced")

    async def ended(self, slot: WorkerSlot, session_id: SessionId) -> None:
        """The journal tells of an end: others took us for dead. The process has to connect again,
        or it would work on unseen."""
        held = self._slots.holder(slot)
        if held is not None and held.live.session_id == session_id:
            await self._end([held], close_codes.GOING_AWAY, "connect again", "given up")

    async def give_up(self) -> None:
        """End all sessions: the journal says already that they ended."""
        await self._end(self._slots, close_codes.GOING_AWAY, "connect again", "given up")

    def pause(self) -> None:
        """Admit nobody and read nothing more, before a drain."""
        self._closing = True
        for opened in self._slots:
            opened.connection.pause_reading(Pause.SHUTDOWN)

    async def close_all(self) -> None:
        await self._end(self._slots, close_codes.GOING_AWAY, "shutting down", "shutdown")

    async def _end(
        self, ending: Iterable[OpenSession], code: int, wire_reason: str, reason: str
    ) -> None:
        for opened in ending:
            opened.connection.close(code, wire_reason)
            await self.closed(opened, reason)

    async def tidy(self) -> None:
        """Unregister what could not be while the registry was away."""
        await self._enrolment.tidy()

    def _release(self, opened: OpenSession, reason: str) -> None:
        """Free the slot at once, so that of connections that come in a burst each replaces one."""
        live = opened.live
        self._slots.release(opened)
        self._log.closed(live, reason)
        self._dispatcher.detach(live)
        self._bus.publish(Change(live.project_id, Topic.WORKERS))

    async def _register(self, opened: OpenSession, replaced: OpenSession | None) -> None:
        """Raises Refused if the session was itself replaced meanwhile."""
        try:
            if replaced is not None:
                await self._enrolment.leave(replaced.live.session_id)
            await self._enrolment.enter(opened.live)
        except BaseException:
            await self.closed(opened, "not registered")
            raise
        if not self._slots.holds(opened):
            await self._enrolment.leave(opened.live.session_id)
            raise Refused(
                "The worker connected again before it was admitted.",
                close_code=close_codes.REPLACED,
            )

    def _check_room(self, live: LiveSession) -> None:
        if self._closing or self._log.full or self._ingest.overfull:
            raise StoreUnavailable("The brain is shutting down or its database cannot keep up.")
        if not self._slots.has_room(live.slot, self._limits.per_agent):
            raise Refused(
                f"Agent {live.agent_id} already has {self._limits.per_agent} live sessions. "
                "Raise Z4J_SESSIONS_PER_AGENT or mint another agent.",
                close_code=close_codes.TOO_MANY,
            )
        if not self._openings.take(live.agent_id):
            raise Refused(
                f"Processes of agent {live.agent_id} connect again and again. Look at their logs for "
                "why, or mint agents for some of them.",
                close_code=close_codes.TOO_MANY,
            )

    def _deliver(self, opened: OpenSession, append: Append) -> None:
        if append.rejections:
            first = append.rejections[0]
            self._notices.tell(
                Notice(
                    Severity.WARNING,
                    "events.rejected",
                    f"{append.received - len(append.events)} event(s) of a frame can never be stored: "
                    f"{first.reason}",
                    {
                        "agent": opened.live.agent_id,
                        "session": opened.live.session_id,
                        "event": first.event_id,
                    },
                )
            )
        self._ingest.submit(Delivery(append, opened.session, opened.connection))
