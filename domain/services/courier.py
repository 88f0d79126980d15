"""The way of a command to a session of this replica: chosen, claimed, sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...ports.clock import Clock
from ...ports.connection import Connection
from ...ports.ids import IdSource
from ...ports.projection_store import ProjectionStore
from .. import command_decisions as decide
from ..actions.queues import needs_confirmation, with_confirmation
from ..commands import Command, CommandStatus
from ..ids import ProjectId, ReplicaId, SessionId
from ..journal import Entry
from ..routing import choose, fits
from ..session import AgentSession
from ..sessions import LiveSession
from .keyring import Keyring


@dataclass(frozen=True, slots=True)
class Link:
    """A session of this replica that commands can be sent to."""

    live: LiveSession
    session: AgentSession
    connection: Connection


class Courier:
    """Knows the sessions of this replica; decides on claims and sends what was claimed."""

    def __init__(
        self,
        *,
        views: ProjectionStore,
        keyring: Keyring,
        clock: Clock,
        ids: IdSource,
        replica_id: ReplicaId,
    ) -> None:
        self._views = views
        self._keyring = keyring
        self._clock = clock
        self._ids = ids
        self._replica_id = replica_id
        self._links: dict[SessionId, Link] = {}

    def attach(self, link: Link) -> None:
        self._links[link.live.session_id] = link

    def detach(self, session_id: SessionId) -> None:
        self._links.pop(session_id, None)

    async def claim(
        self, waiting: Iterable[Command], open_commands: Iterable[Command]
    ) -> Sequence[tuple[Command, Entry]]:
        """Give waiting commands to fitting sessions, each to the one with the fewest open commands."""
        live: defaultdict[ProjectId, list[LiveSession]] = defaultdict(list)
        for link in self._links.values():
            live[link.live.project_id].append(link.live)
        claims: list[tuple[Command, Entry]] = []
        load: Counter[SessionId] | None = None
        for command in waiting:
            if not any(may_get(command, session) for session in live[command.project_id]):
                continue
            if load is None:
                load = _load(open_commands)
            session = choose(command, live[command.project_id], load)
            entry = None if session is None else await self._claim(command, session)
            if session is not None and entry is not None:
                load[session.session_id] += 1
                claims.append((command, entry))
        return claims

    async def _claim(self, command: Command, session: LiveSession) -> Entry | None:
        now = self._clock.now()
        depth = await self._depth(command)
        unconfirmed = depth is None and needs_confirmation(command.action, command.parameters)
        if unconfirmed or now >= command.deadline:
            return None
        return decide.claim(
            command,
            session,
            token=self._ids.uuid(),
            at=now,
            replica_id=self._replica_id,
            depth=depth,
        )

    def send(self, command: Command) -> None:
        """Send a command whose claim is recorded. If its session is gone, its loss is under way."""
        claim = command.claim
        link = None if claim is None else self._links.get(claim.session_id)
        if claim is None or link is None:
            return
        parameters = command.parameters
        if claim.depth is not None and command.queue is not None:
            signer = self._keyring.signer(command.project_id)
            token = signer.purge_token(command.queue, claim.depth)
            parameters = with_confirmation(parameters, token)
        frame = link.session.command(
            command_id=command.id,
            action=command.action,
            target=command.target,
            parameters=parameters,
            timeout_seconds=command.timeout_seconds,
            issued_by=command.issued_by[:64],
            claim_token=claim.token,
            now=self._clock.now(),
        )
        link.connection.send([frame])

    async def _depth(self, command: Command) -> int | None:
        """The last known depth of the queue that a purge must confirm (§8.5)."""
        if command.queue is None or not needs_confirmation(command.action, command.parameters):
            return None
        queue = await self._views.queue(command.project_id, command.engine, command.queue)
        return None if queue is None else queue.depth


def may_get(command: Command, session: LiveSession) -> bool:
    """Whether the command waits for a session like this."""
    return command.status is CommandStatus.ISSUED and fits(command, session)


def _load(commands: Iterable[Command]) -> Counter[SessionId]:
    """How many sent and unanswered commands each session has."""
    sent = (CommandStatus.CLAIMED, CommandStatus.ACKNOWLEDGED)
    claims = (command.claim for command in commands if command.status in sent)
    return Counter(claim.session_id for claim in claims if claim is not None)
