"""Several replicas, many agents and hasty operators, on one clock and one seed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import TypeAlias

from taskdeck.domain.commands import Command
from taskdeck.domain.errors import TaskdeckError
from taskdeck.domain.ids import ReplicaId
from taskdeck.domain.services.liveness import Liveness
from taskdeck.domain.services.sessions import SessionLimits

from ..faults.by_hand import SlowRegistry
from ..faults.script import Fault, Scripts
from ..unit.services.brain import CANCEL, SUBMIT, Brain, Shared
from ..unit.services.worker import Worker
from .process import Process
from .registry import ReplicaRegistry, Table

CALLS = {Fault.FAIL_BEFORE: 0.06, Fault.DO_THEN_FAIL: 0.06, Fault.DELAY: 0.2, Fault.DOUBLE: 0.06}
MOST_ROUNDS = 400
PATIENT = SessionLimits(idle_seconds=3_600)
"""Broken connections that nobody saw break end by replacement, not by idleness."""
WAKE_UPS = {Fault.FAIL_BEFORE: 0.4, Fault.DELAY: 0.2, Fault.DOUBLE: 0.2}


class Installation(Shared):
    """One database, one registry, one bus."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table()

    def registry_of(self, name: str) -> SlowRegistry:
        return SlowRegistry(ReplicaRegistry(self.table, ReplicaId(name), self.clock))


class Replica:
    """A brain with all its loops, which may die at any moment."""

    def __init__(self, shared: Shared, name: str, faults: Scripts) -> None:
        self.faults = faults
        self.brain = brain = Brain(shared, name=name, sessions=PATIENT, faults=faults)
        self.liveness = Liveness(
            registry=brain.registry,
            recovery=brain.recovery,
            sessions=brain.sessions,
            clock=brain.clock,
            notices=brain.notices,
        )
        self._tasks: list[asyncio.Task[None]] = []
        self._beat: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """As the server starts. Raises StoreUnavailable."""
        await self.brain.registry.beat()
        await self.brain.follower.start()
        await self.brain.recovery.close_abandoned()
        await self.brain.dispatcher.load()
        brain = self.brain
        for loop in (brain.ingest.run, brain.log.run, brain.dispatcher.run, brain.follower.run):
            self._tasks.append(asyncio.create_task(loop()))
        self.speak()

    def speak(self) -> None:
        if self._beat is None:
            self._beat = asyncio.create_task(self.liveness.run())

    async def fall_silent(self) -> None:
        """Works on, but the others do not hear of it."""
        if self._beat is not None:
            self._beat.cancel()
            await asyncio.gather(self._beat, return_exceptions=True)
            self._beat = None

    async def die(self) -> None:
        """Without a word."""
        await self.fall_silent()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def check(self) -> None:
        """Raises what ended a loop."""
        for task in (*self._tasks, *([self._beat] if self._beat else [])):
            if task.done():
                task.result()


Action: TypeAlias = Callable[[Replica], Awaitable[None]]


class World:
    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.shared = Installation()
        self.clock = self.shared.clock
        self.replicas: list[Replica] = []
        self.processes = [Process(f"w{number}", self.rng) for number in range(5)]
        self.issued: list[Command] = []
        self.links: list[tuple[Replica, Worker]] = []
        self._started = 0
        self._calls: dict[asyncio.Task[None], Replica] = {}
        self._healed = False

    async def start(self) -> None:
        root = Brain(self.shared, name="root")
        self.project = await root.projects.ensure_default()
        self.minted = await root.agents.mint(self.project, "shop", "cli")
        for _ in range(3):
            await self.start_replica()

    async def start_replica(self) -> None:
        self._started += 1
        faults = Scripts() if self._healed else Scripts.seeded(self.rng, CALLS, bus=WAKE_UPS)
        replica = Replica(self.shared, f"r{self._started}", faults)
        with suppress(TaskdeckError):
            await replica.start()
            self.replicas.append(replica)

    async def step(self) -> None:
        """Something happens."""
        process, rng = self.rng.choice(self.processes), self.rng
        match rng.randrange(20):
            case 0 if len(self.replicas) > 1:
                await self.kill(rng.choice(self.replicas))
            case 1 if len(self.replicas) < 3:
                await self.start_replica()
            case 2 if self.replicas:
                await rng.choice(self.replicas).fall_silent()
            case 3 | 4:
                for replica in self.replicas:
                    replica.speak()
            case 5 if process.worker is not None:
                worker = process.drop()
                if worker is not None and rng.random() < 0.5:
                    await worker.leave()
                    worker.connection.close(1006, "")
            case 6 | 7 | 8 if self.replicas:
                self.call(rng.choice(self.replicas), self.issue)
            case 9 if self.replicas and self.issued:
                self.call(rng.choice(self.replicas), self.cancel)
            case 10 | 11:
                process.run_task(self.clock.now())
            case 12 | 13 | 14 if not process.connected:
                self.connect(process)
            case 15 | 16:
                process.answer()
            case _:
                process.send()
        await self.pass_time(rng.choice((0.01, 0.1, 0.6, 2.0)))

    async def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        for _ in range(self.rng.randint(1, 40)):
            await asyncio.sleep(0)
        for process in self.processes:
            process.read()
        for replica in self.replicas:
            replica.check()
        for task in [task for task in self._calls if task.done()]:
            del self._calls[task]
            task.result()

    async def kill(self, replica: Replica) -> None:
        self.replicas.remove(replica)
        calls = [task for task, of in self._calls.items() if of is replica]
        for task in calls:
            task.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        for task in calls:
            del self._calls[task]
        await replica.die()
        for home, worker in self.links:
            if home is replica:
                worker.connection.close(1006, "")

    def connect(self, process: Process) -> None:
        if self.replicas and not any(task.get_name() == process.name for task in self._calls):
            replica = self.rng.choice(self.replicas)
            self.call(replica, lambda to: self._connect(process, to), process.name)

    async def _connect(self, process: Process, replica: Replica) -> None:
        worker = await replica.brain.connect(process.name, minted=self.minted, settle=False)
        self.links.append((replica, worker))
        process.attach(worker)

    async def issue(self, replica: Replica) -> None:
        request = self.rng.choice((SUBMIT, CANCEL))
        issued = await replica.brain.commands.issue(self.project, request, "key:k1")
        self.issued.append(issued.command)

    async def cancel(self, replica: Replica) -> None:
        command = self.rng.choice(self.issued)
        await replica.brain.commands.cancel(self.project, command.id, "key:k1")

    async def settle(self) -> None:
        """Faults end, everybody is there, and time goes on until nothing is open."""
        self._healed = True
        for replica in self.replicas:
            replica.faults.heal()
            replica.speak()
        if not self.replicas:
            await self.start_replica()
        rounds = 0
        while not self.settled:
            await self._round()
            rounds += 1
            assert rounds < MOST_ROUNDS, "it does not settle"
        for _ in range(60):
            await self._round()

    async def _round(self) -> None:
        for process in self.processes:
            if not process.connected:
                self.connect(process)
            process.beat()
            process.send()
        await self.pass_time(0.5)

    @property
    def settled(self) -> bool:
        views = self.shared.state.views
        return (
            all(process.connected and not process.unacknowledged for process in self.processes)
            and all(command.status.final for command in views.commands.values())
            and not self._calls
        )

    async def stop(self) -> None:
        for replica in list(self.replicas):
            await self.kill(replica)

    def call(self, replica: Replica, action: Action, name: str | None = None) -> None:
        async def called() -> None:
            with suppress(TaskdeckError):
                await action(replica)

        self._calls[asyncio.create_task(called(), name=name)] = replica
