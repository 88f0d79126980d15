"""A brain without walls: every service, on the memory adapters, on a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from taskdeck.adapters.local.bus import LocalBus
from taskdeck.adapters.local.registry import LocalRegistry
from taskdeck.adapters.memory.bulk_views import MemoryBulkViews
from taskdeck.adapters.memory.clock import ManualClock
from taskdeck.adapters.memory.connection import RecordedConnection
from taskdeck.adapters.memory.directory import MemoryDirectory
from taskdeck.adapters.memory.ids import SequentialIds
from taskdeck.adapters.memory.metrics import RecordedMetrics
from taskdeck.adapters.memory.notices import RecordedNotices
from taskdeck.adapters.memory.projection_store import MemoryProjectionStore
from taskdeck.adapters.memory.state import MemoryState
from taskdeck.adapters.memory.task_selection import MemoryTaskSelection
from taskdeck.adapters.memory.worker_views import MemoryWorkerViews
from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.access import Project
from taskdeck.domain.actions import OrderRequest
from taskdeck.domain.batching import Batch, BatchLimits
from taskdeck.domain.commands import Command
from taskdeck.domain.events import Event
from taskdeck.domain.ids import ProjectId, ReplicaId
from taskdeck.domain.journal import Recorded
from taskdeck.domain.replicas import Replica
from taskdeck.domain.services.agent_tokens import AgentTokens
from taskdeck.domain.services.agents import Agents, MintedAgent
from taskdeck.domain.services.bulk_preview import BulkPreviews
from taskdeck.domain.services.bulk_runner import BulkRunner
from taskdeck.domain.services.bulk_sets import BulkSets
from taskdeck.domain.services.bulks import Bulks
from taskdeck.domain.services.commands import Commands, Issued
from taskdeck.domain.services.courier import Courier
from taskdeck.domain.services.decision_log import DecisionLog
from taskdeck.domain.services.dispatch import Dispatcher
from taskdeck.domain.services.follower import Follower
from taskdeck.domain.services.homes import Homes
from taskdeck.domain.services.ingest import Ingest
from taskdeck.domain.services.keyring import Keyring
from taskdeck.domain.services.projects import Projects
from taskdeck.domain.services.recovery import Recovery
from taskdeck.domain.services.session_log import SessionLog
from taskdeck.domain.services.sessions import SessionLimits, Sessions
from taskdeck.ports.task_selection import TaskSelection

from ... import builders
from ...faults.by_hand import FaultyJournal, FaultyStore, SlowRegistry
from ...faults.ports import around
from ...faults.script import Scripts
from .worker import Worker, hello_frame

ME = Replica(id=ReplicaId("r1"), name="test", version="0", started_at=0, beat_at=0)
MASTER = b"a master secret of 32 bytes or so"
ACTOR = "key:k1"
SUBMIT = OrderRequest(action="submit_task", engine="celery", parameters={"name": "shop.pay"})
CANCEL = OrderRequest(action="cancel_task", engine="celery", task_id="t1")


class Shared:
    """What all replicas of an installation have in common."""

    def __init__(self) -> None:
        self.state = MemoryState()
        self.clock = ManualClock()
        self.registry = SlowRegistry(LocalRegistry(ME, self.clock))
        self.bus = LocalBus()
        self.ids = SequentialIds()

    def registry_of(self, name: str) -> SlowRegistry:
        """As the replica of this name has it."""
        return self.registry


class Brain:
    """One replica. Its loops run inside `running`."""

    project: Project
    minted: MintedAgent

    def __init__(
        self,
        shared: Shared | None = None,
        *,
        name: str = "r1",
        sessions: SessionLimits | None = None,
        batches: BatchLimits | None = None,
        faults: Scripts | None = None,
        select: Callable[[Shared], TaskSelection] | None = None,
    ) -> None:
        """`select` makes what chooses tasks, in place of the one in memory."""
        self.shared = shared = Shared() if shared is None else shared
        self.clock, self.registry, self.bus = shared.clock, shared.registry_of(name), shared.bus
        self.notices, self.codec = RecordedNotices(), OrjsonCodec()
        self.store = FaultyStore(shared.state)
        self.journal = FaultyJournal(shared.state)
        self.views = MemoryProjectionStore(shared.state)
        self.directory = MemoryDirectory(shared.state)
        faults = Scripts() if faults is None else faults
        store = around(self.store, faults.store)
        journal = around(self.journal, faults.journal)
        registry = around(self.registry, faults.registry)
        views = around(self.views, faults.views)
        bus = around(self.bus, faults.bus)
        self.keyring = Keyring(MASTER)
        self.decisions = DecisionLog(self.journal, self.clock)
        self.metrics = RecordedMetrics()
        self.projects = Projects(log=self.decisions, directory=self.directory, keyring=self.keyring)
        self.agents = Agents(
            log=self.decisions,
            directory=self.directory,
            keyring=self.keyring,
            clock=self.clock,
            ids=shared.ids,
        )
        self.tokens = AgentTokens(directory=self.directory, keyring=self.keyring, clock=self.clock)
        self.ingest = Ingest(
            store=store,
            bus=bus,
            clock=self.clock,
            notices=self.notices,
            limits=BatchLimits(age=0) if batches is None else batches,
            metrics=self.metrics,
        )
        self.log = SessionLog(journal, self.clock, self.notices)
        self.dispatcher = Dispatcher(
            journal=journal,
            views=views,
            registry=registry,
            courier=Courier(
                views=views,
                keyring=self.keyring,
                clock=self.clock,
                ids=shared.ids,
                replica_id=ReplicaId(name),
            ),
            bus=bus,
            clock=self.clock,
            notices=self.notices,
            metrics=self.metrics,
        )
        chosen: TaskSelection = (
            MemoryTaskSelection(shared.state) if select is None else select(shared)
        )
        selection = around(chosen, faults.views)
        workers = around(MemoryWorkerViews(shared.state), faults.views)
        homes = Homes(selection, workers, self.directory)
        self.commands = Commands(
            journal=journal,
            views=views,
            registry=registry,
            homes=homes,
            dispatcher=self.dispatcher,
            bus=bus,
            clock=self.clock,
            ids=shared.ids,
            metrics=self.metrics,
        )
        bulk_views = around(MemoryBulkViews(shared.state), faults.views)
        self.bulk_sets = BulkSets(
            journal=journal,
            bulks=bulk_views,
            selection=selection,
            clock=self.clock,
            ids=shared.ids,
        )
        self.bulk_runner = BulkRunner(
            journal=journal,
            bulks=bulk_views,
            sets=self.bulk_sets,
            selection=selection,
            homes=homes,
            registry=registry,
            commands=self.commands,
            bus=bus,
            clock=self.clock,
            notices=self.notices,
            replica_id=ReplicaId(name),
        )
        self.bulks = Bulks(
            log=DecisionLog(journal, self.clock),
            bulks=bulk_views,
            views=views,
            sets=self.bulk_sets,
            previews=BulkPreviews(
                sets=self.bulk_sets, views=views, registry=registry, clock=self.clock
            ),
            commands=self.commands,
            runner=self.bulk_runner,
            bus=bus,
            clock=self.clock,
            ids=shared.ids,
            replica_id=ReplicaId(name),
        )
        self.sessions = Sessions(
            tokens=self.tokens,
            registry=registry,
            log=self.log,
            ingest=self.ingest,
            dispatcher=self.dispatcher,
            keyring=self.keyring,
            codec=self.codec,
            clock=self.clock,
            ids=shared.ids,
            bus=bus,
            notices=self.notices,
            limits=SessionLimits() if sessions is None else sessions,
            version="1.13.0",
        )
        self.follower = Follower(
            journal=journal,
            sessions=self.sessions,
            tokens=self.tokens,
            dispatcher=self.dispatcher,
            bulks=self.bulk_runner,
            bus=bus,
            clock=self.clock,
            notices=self.notices,
            metrics=self.metrics,
        )
        self.recovery = Recovery(
            workers=workers,
            journal=journal,
            registry=registry,
            directory=self.directory,
            clock=self.clock,
            notices=self.notices,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Brain]:
        """With project `default`, an agent of it, and the loops; the follower is left to the tests."""
        self.project = await self.projects.ensure_default()
        self.minted = await self.agents.mint(self.project, "shop", "cli")
        await self.dispatcher.load()
        await self.follower.start()
        loops = (self.ingest.run, self.log.run, self.dispatcher.run)
        tasks = [asyncio.create_task(loop()) for loop in loops]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        for end in ends:
            if not isinstance(end, asyncio.CancelledError) and end is not None:
                raise end

    async def connect(
        self,
        worker_id: str | None = "w1",
        *,
        minted: MintedAgent | None = None,
        settle: bool = True,
        **hello: Any,
    ) -> Worker:
        """A process of an agent that has said hello; with `settle`, what waited for it has come."""
        admitted = await self.tokens.authenticate((minted or self.minted).token)
        self.clock.advance(0.001)
        connection = RecordedConnection()
        wire = hello_frame(worker_id, **hello)
        opened = await self.sessions.open(admitted, wire, connection)
        signer = self.keyring.signer(admitted.agent.project_id)
        if settle:
            await self.dispatcher.drain()
        return Worker(self.sessions, opened, connection, signer, self.clock)

    async def stranger(self) -> Worker:
        """A worker of another project."""
        project_id = ProjectId(self.shared.ids.uuid())
        created = builders.entry(
            "project.created", project_id=project_id, slug="other", name="Other"
        )
        await self.journal.append(builders.write(f"project:{project_id}", 0, created))
        project = await self.projects.one("other")
        return await self.connect(minted=await self.agents.mint(project, "alien", "cli"))

    async def order(self, request: OrderRequest) -> Issued:
        """Issue a command and let it go as far as it can."""
        issued = await self.commands.issue(self.project, request, ACTOR)
        await self.dispatcher.drain()
        return issued

    async def submit(self, **request: Any) -> Command:
        """An order that any Celery worker can carry out, and that is sent once at most."""
        return (await self.order(replace(SUBMIT, **request))).command

    async def command(self, command: Command) -> Command:
        """The command as it stands, once all that happened is recorded."""
        await self.dispatcher.drain()
        found = await self.views.command(self.project.id, command.id)
        assert found is not None
        return found

    async def pass_deadline(self, command: Command) -> Command:
        """The command after its time is over."""

        def ended() -> bool:
            self.clock.advance(1)
            return self.known(command).status.final

        await until(ended)
        return await self.command(command)

    def known(self, command: Command) -> Command:
        return self.shared.state.views.commands[command.stream]

    async def report(self, *events: Event) -> None:
        """Events that were stored some time ago."""
        await self.store.append(Batch(events))

    async def history(self, stream: str) -> list[str]:
        """The kinds of a stream's entries, without what comes before the dot."""
        return [each.entry.kind.partition(".")[2] for each in await self.entries(stream)]

    async def entries(self, stream: str) -> tuple[Recorded, ...]:
        await self.dispatcher.drain()
        await self.log.drain()
        return await self.journal.read(stream)


async def until(condition: Callable[[], object]) -> None:
    """Let the loops work until the condition holds. Raises TimeoutError."""
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0)
