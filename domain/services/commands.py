"""Orders of operators: issued once, withdrawn before they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...ports.bus import Bus
from ...ports.clock import Clock
from ...ports.ids import IdSource
from ...ports.journal import Journal
from ...ports.metrics import Metrics
from ...ports.projection_store import ProjectionStore
from ...ports.registry import Registry
from .. import command_decisions as decide
from ..access import Project
from ..actions import OrderRequest, PreparedOrder, prepare
from ..actions.action import ENGINES
from ..actions.catalogue import named_engine, named_key, named_task
from ..actions.completion import completed, lacks_task_name, leaves_agent_open
from ..actions.queues import needs_confirmation
from ..bulk import KEYS as BULK_KEYS
from ..command_folding import fold
from ..commands import Command, CommandStatus, stream_of
from ..errors import Conflict, InvalidInput, NotFound, VersionConflict
from ..fanout import Change, Topic
from ..idempotency import command_id_for, repeats
from ..ids import CommandId, ProjectId
from ..instants import SECOND
from ..journal import Entry, Recorded, Write
from ..projections.tasks import Task, TaskKey
from ..routing import explain, fits, infer_engine, strangers
from ..sessions import LiveSession
from .dispatch import Dispatcher
from .homes import Homes
from .open_commands import read_command

FRESH_DEPTH = 30 * SECOND
"""Heartbeats bring queue depths every 10 s; an older one may well be wrong."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A command, and what its operator should know of its chances (sentences for people)."""

    command: Command
    advice: tuple[str, ...]


class Commands:
    def __init__(
        self,
        *,
        journal: Journal,
        views: ProjectionStore,
        registry: Registry,
        homes: Homes,
        dispatcher: Dispatcher,
        bus: Bus,
        clock: Clock,
        ids: IdSource,
        metrics: Metrics,
    ) -> None:
        self._journal = journal
        self._views = views
        self._registry = registry
        self._homes = homes
        self._dispatcher = dispatcher
        self._bus = bus
        self._clock = clock
        self._ids = ids
        self._metrics = metrics

    async def issue(self, project: Project, request: OrderRequest, actor: str) -> Issued:
        """Record an order and set it on its way; it waits for a fitting worker until its time-out.

        The same request with the same idempotency key gives the command of the first time, whatever
        has changed since. Raises InvalidInput for an order that nobody could carry out, Conflict for
        a key that was used for another order or a purge of a queue whose depth is unknown.
        """
        command_id = self._id_for(project, request)
        sessions = await self._registry.sessions(project.id)
        command = await self._issued_before(command_id, request)
        advice: tuple[str, ...] = ()
        if command is None:
            now = self._clock.now()
            order = prepare(await self._complete(project, request, sessions), at=now)
            advice = await self._depth_advice(project, order)
            entry = decide.issue(
                order, command_id=command_id, project_id=project.id, issued_by=actor, at=now
            )
            command = await self._append_first(command_id, entry, request)
        if command.status is CommandStatus.ISSUED and not any(fits(command, s) for s in sessions):
            advice += (f"It waits: {explain(command, sessions)}.",)
        elif command.task_id is not None and command.agent_id is None:
            advice += strangers(command, sessions)
        return Issued(command, advice)

    async def cancel(self, project: Project, command_id: CommandId, actor: str) -> Command:
        """Withdraw a command that was not sent yet. Raises NotFound, Conflict."""
        while True:
            command = await read_command(self._journal, command_id)
            if command is None or command.project_id != project.id:
                raise NotFound(f"There is no command {command_id} in this project.")
            entry = decide.cancel(command, by=actor, at=self._clock.now())
            write = Write(stream=command.stream, expected_version=command.version, entries=(entry,))
            try:
                (recorded,) = await self._journal.append(write)
            except VersionConflict:
                continue  # It went on meanwhile: decide anew.
            self._tell(project.id, command_id)
            cancelled = fold(command, recorded)
            self._metrics.decided(cancelled)
            return cancelled

    def set_out(self, recorded: Recorded) -> Command:
        """A command whose issue was just recorded."""
        self._dispatcher.recorded(recorded)
        issued = fold(None, recorded)
        self._metrics.decided(issued)
        self._tell(issued.project_id, issued.id)
        return issued

    def _tell(self, project_id: ProjectId, command_id: CommandId) -> None:
        self._dispatcher.noticed(project_id, command_id)
        self._bus.publish(Change(project_id, Topic.COMMANDS))

    def _id_for(self, project: Project, request: OrderRequest) -> CommandId:
        key = named_key(request)
        if key is not None and key.startswith(BULK_KEYS):
            raise InvalidInput(
                f"idempotency keys that begin with {BULK_KEYS} belong to bulk operations",
                field="idempotency_key",
            )
        return CommandId(self._ids.uuid()) if key is None else command_id_for(project.id, key)

    async def _complete(
        self, project: Project, request: OrderRequest, sessions: Sequence[LiveSession]
    ) -> OrderRequest:
        """Fill in what the request leaves open and is known of its task, or of the workers."""
        engine, task_id, task = named_engine(request), named_task(request), None
        if task_id is not None and (engine is None or lacks_task_name(request)):
            task = await self._only_task(project, task_id, ENGINES if engine is None else (engine,))
        engine = infer_engine(request, sessions) if task is None else task.key.engine
        home = None
        if task_id is not None and leaves_agent_open(request):
            key = TaskKey(project.id, engine, task_id)
            home = (await self._homes.of([key])).get(key)
        name = None if task is None else task.name or None
        return completed(request, engine=engine, task_name=name, agent_id=home)

    async def _only_task(
        self, project: Project, task_id: str, engines: Iterable[str]
    ) -> Task | None:
        """The task of this id; None if no engine has reported one, or several have."""
        tasks = [await self._views.task(project.id, engine, task_id) for engine in engines]
        found = [task for task in tasks if task is not None]
        return found[0] if len(found) == 1 else None

    async def _issued_before(self, command_id: CommandId, request: OrderRequest) -> Command | None:
        """The command of the first time this key was used. Raises Conflict for another order."""
        if request.idempotency_key is None:
            return None
        command = await read_command(self._journal, command_id)
        if command is not None and not repeats(command, request):
            raise Conflict(
                f"Idempotency key {request.idempotency_key!r} was used for another order: "
                f"{command.action}, command {command_id}. Use a new key for a new order."
            )
        return command

    async def _append_first(
        self, command_id: CommandId, entry: Entry, request: OrderRequest
    ) -> Command:
        write = Write(stream=stream_of(command_id), expected_version=0, entries=(entry,))
        try:
            (recorded,) = await self._journal.append(write)
        except VersionConflict:
            # The same key was used at the same time.
            command = await self._issued_before(command_id, request)
            if command is None:
                raise
            return command
        return self.set_out(recorded)

    async def _depth_advice(self, project: Project, order: PreparedOrder) -> tuple[str, ...]:
        """A purge is confirmed with the last known depth: say how old that is (§8.5)."""
        if order.queue is None or not needs_confirmation(order.action, order.parameters):
            return ()
        queue = await self._views.queue(project.id, order.engine, order.queue)
        if queue is None or queue.depth is None:
            raise Conflict(
                f"The depth of {order.engine} queue {order.queue!r} is not known, so the purge "
                "cannot be confirmed. Wait for the next heartbeat of a worker that measures it, or "
                "say force: true in the parameters."
            )
        age = self._clock.now() - queue.depth_at
        if age <= FRESH_DEPTH:
            return (f"The purge is confirmed for a depth of {queue.depth}.",)
        return (
            f"The last known depth, {queue.depth}, is {age // SECOND} s old and may be stale; "
            "the worker refuses the purge if it has changed.",
        )
