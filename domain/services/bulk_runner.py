"""Works bulk operations off: on each replica, those that it holds.

A turn writes one entry of the operation and the commands of its next items in one append, at the
version that was read. So no item is issued twice, whoever dies or takes over at whatever moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ...ports.bulk_views import BulkViews
from ...ports.bus import Bus
from ...ports.clock import Clock
from ...ports.journal import Journal
from ...ports.notices import Notices
from ...ports.registry import Registry
from ...ports.task_selection import TaskSelection
from .. import bulk_decisions as decide
from ..bulk import Bulk, BulkStatus
from ..bulk_steps import Pace, Step, step_of
from ..errors import StoreUnavailable, VersionConflict
from ..fanout import Change, Topic
from ..faults import render_fault
from ..ids import BulkId, ReplicaId
from ..instants import SECOND, Instant
from ..journal import Entry, Recorded, Write
from ..notices import Notice, Severity
from ..projections.tasks import TaskKey
from .bulk_sets import BulkSets
from .commands import Commands
from .homes import Homes

TURN_SECONDS = 0.5
REST_SECONDS = 0.05
"""Between turns that take longer."""
MOST_LOOKED_AT = 250
"""Items of one turn, those that are skipped included."""


class BulkRunner:
    def __init__(
        self,
        *,
        journal: Journal,
        bulks: BulkViews,
        sets: BulkSets,
        selection: TaskSelection,
        homes: Homes,
        registry: Registry,
        commands: Commands,
        bus: Bus,
        clock: Clock,
        notices: Notices,
        replica_id: ReplicaId,
    ) -> None:
        self._journal = journal
        self._bulks = bulks
        self._sets = sets
        self._selection = selection
        self._homes = homes
        self._registry = registry
        self._commands = commands
        self._bus = bus
        self._clock = clock
        self._notices = notices
        self._me = replica_id
        self._awake = asyncio.Event()
        self._awake.set()
        self._paces: dict[BulkId, Pace] = {}

    def wake(self) -> None:
        """An operation began, or goes on."""
        self._awake.set()

    async def run(self) -> None:
        """Work for ever; end by cancelling. While no operation runs, nothing is asked."""
        while True:
            await self._awake.wait()
            self._awake.clear()
            begun = self._clock.now()
            while await self._patient_turn():
                passed = (self._clock.now() - begun) / SECOND
                await self._clock.sleep(max(REST_SECONDS, TURN_SECONDS - passed))
                begun = self._clock.now()

    async def _patient_turn(self) -> bool:
        try:
            return await self.turn()
        except StoreUnavailable as error:
            self._notices.tell(Notice(Severity.WARNING, "bulk.waiting", error.message))
            return True

    async def turn(self) -> bool:
        """Move all operations on that are held here; tells whether any runs, here or elsewhere."""
        now, still_open = self._clock.now(), await self._bulks.open_bulks()
        running = [bulk for bulk in still_open if bulk.status is BulkStatus.RUNNING]
        self._paces = {
            bulk.id: self._paces.get(bulk.id) or Pace(bulk.rate_per_second, now) for bulk in running
        }
        for bulk in running:
            if bulk.holder == self._me:
                await self._guarded(bulk)
        left = [bulk for bulk in running if bulk.holder != self._me]
        if left:
            await self._take_over(left)
        return bool(running)

    async def _take_over(self, left: Sequence[Bulk]) -> None:
        alive = {replica.id for replica in await self._registry.replicas()}
        for bulk in left:
            entry = decide.take(bulk, self._me, alive, at=self._clock.now())
            if entry is not None and await self._append(bulk, entry):
                self._notices.tell(
                    Notice(
                        Severity.INFO,
                        "bulk.taken",
                        f"Bulk operation {bulk.id} goes on here: its replica is gone.",
                    )
                )

    async def _guarded(self, bulk: Bulk) -> None:
        """A fault in one operation ends neither the others nor the brain; it can be cancelled."""
        try:
            await self._move_on(bulk)
        except StoreUnavailable:
            raise
        except Exception as error:  # the next replica would meet it as well
            fault = f"Bulk operation {bulk.id} cannot go on: {render_fault(error)}. Cancel it."
            self._notices.tell(Notice(Severity.ERROR, "bulk.failed", fault))

    async def _move_on(self, bulk: Bulk) -> None:
        now = self._clock.now()
        ended = decide.finish(bulk, at=now)
        if ended is not None:
            await self._append(bulk, ended)
            return
        pace = self._paces[bulk.id]
        room = decide.room(bulk, pace.allowance(now))
        if room == 0:
            return
        step = await self._step(bulk, room, now)
        pace.spend(len(step.issues))
        entry = decide.advance(bulk, reached=step.reached, skipped=step.skipped, at=now)
        for recorded in (await self._append(bulk, entry, *step.issues))[1:]:
            self._commands.set_out(recorded)

    async def _step(self, bulk: Bulk, room: int, now: Instant) -> Step:
        """The next items as they stand now: what changed since the start is skipped."""
        end = min(bulk.total, bulk.reached + MOST_LOOKED_AT)
        items = await self._sets.read(bulk, bulk.reached, end)
        keys = [TaskKey(bulk.project_id, item.engine, item.task_id) for item in items]
        states = await self._selection.states(keys)
        homes = await self._homes.of(keys)
        return step_of(bulk, items, states, homes, room=room, at=now)

    async def _append(self, bulk: Bulk, entry: Entry, *with_it: Write) -> Sequence[Recorded]:
        """Nothing, if somebody else decided on the operation first: the next turn looks again."""
        try:
            recorded = await self._journal.append(bulk.write(entry), *with_it)
        except VersionConflict:
            return ()
        self._bus.publish(Change(bulk.project_id, Topic.COMMANDS))
        return recorded
