"""Bulk operations as operators see them: looked at beforehand, started, followed, paused, ended."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid5

from ...ports.bulk_views import BulkViews
from ...ports.bus import Bus
from ...ports.clock import Clock
from ...ports.ids import IdSource
from ...ports.projection_store import ProjectionStore
from .. import bulk_decisions as decide
from ..access import Project
from ..actions.fields import Whole
from ..bulk import Bulk, bulk_of, stream_of
from ..bulk_decisions import MAX_RATE, MOST_OPEN, Wanted
from ..bulk_items import MOST_ITEMS, action_of_bulk
from ..errors import Conflict, InvalidInput, NotFound, VersionConflict
from ..fanout import Change, Topic
from ..ids import BulkId, ReplicaId
from ..instants import Instant
from ..journal import Entry, Write
from ..queries import BulkPage
from ..search import Query, parse_query, print_query
from .bulk_preview import BulkPreview, BulkPreviews
from .bulk_runner import BulkRunner
from .bulk_sets import BulkSets, ItemPage
from .commands import Commands
from .decision_log import DecisionLog

DEFAULT_RATE = 50
RATE = Whole(1, MAX_RATE)
_KEYS = UUID("3f0f4c38-27a2-4a3b-8d4e-5e2f3f1f6f52")


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRequest:
    """What an operator asked for, unchecked."""

    action: str
    query: str
    rate_per_second: int = DEFAULT_RATE
    at_most: int = MOST_ITEMS
    """Start nothing if more tasks match."""
    idempotency_key: str | None = None


class Bulks:
    def __init__(
        self,
        *,
        log: DecisionLog,
        bulks: BulkViews,
        views: ProjectionStore,
        sets: BulkSets,
        previews: BulkPreviews,
        commands: Commands,
        runner: BulkRunner,
        bus: Bus,
        clock: Clock,
        ids: IdSource,
        replica_id: ReplicaId,
    ) -> None:
        self._log = log
        self._bulks = bulks
        self._views = views
        self._sets = sets
        self._previews = previews
        self._commands = commands
        self._runner = runner
        self._bus = bus
        self._clock = clock
        self._ids = ids
        self._me = replica_id

    async def preview(self, project: Project, action: str, query: str) -> BulkPreview:
        """What a start would act on now. Changes nothing. Raises InvalidInput."""
        where = self._parsed(query, self._clock.now())
        return await self._previews.of(project, action_of_bulk(action), where)

    async def start(self, project: Project, request: BulkRequest, actor: str) -> Bulk:
        """Freeze the set and set out; the same idempotency key gives the operation of the first time.

        Raises InvalidInput, and Conflict where nothing or too much matches.
        """
        now = self._clock.now()
        where = self._parsed(request.query, now)
        wanted = Wanted(
            action=action_of_bulk(request.action),
            query=request.query.strip(),
            resolved_query=print_query(where),
            rate_per_second=RATE.check(request.rate_per_second, "rate_per_second"),
        )
        key = request.idempotency_key
        bulk_id = BulkId(self._ids.uuid() if key is None else str(uuid5(_KEYS, project.id + key)))
        earlier = await self._started_before(project, bulk_id, wanted)
        if earlier is not None:
            return earlier
        await self._refuse_too_many(project)
        items = await self._sets.freeze(project, where, at_most=request.at_most)
        entry = decide.create(
            wanted,
            bulk_id=bulk_id,
            project_id=project.id,
            items=await self._sets.write(project, items, actor),
            total=len(items),
            holder=self._me,
            by=actor,
            at=self._clock.now(),
        )
        write = Write(stream=stream_of(bulk_id), expected_version=0, entries=(entry,))
        try:
            await self._log.record(write)
        except VersionConflict:
            # The same key was used at the same time.
            earlier = await self._started_before(project, bulk_id, wanted)
            if earlier is None:
                raise
            return earlier
        self._tell(project)
        return await self.one(project, bulk_id)

    async def list(self, project: Project, *, cursor: str | None, limit: int) -> BulkPage:
        return await self._bulks.bulks(project.id, cursor=cursor, limit=limit)

    async def one(self, project: Project, bulk_id: BulkId) -> Bulk:
        """Raises NotFound."""
        bulk = await self._bulks.bulk(project.id, bulk_id)
        if bulk is None:
            raise NotFound(f"There is no bulk operation {bulk_id} in this project.")
        return bulk

    async def items(
        self, project: Project, bulk_id: BulkId, *, cursor: str | None, limit: int
    ) -> ItemPage:
        """The set in its order, with what became of each item. Raises NotFound."""
        return await self._sets.page(await self.one(project, bulk_id), cursor=cursor, limit=limit)

    async def pause(self, project: Project, bulk_id: BulkId, actor: str) -> Bulk:
        """Issue nothing for now; what is under way goes on. Raises NotFound, Conflict."""
        return await self._decide(project, bulk_id, actor, decide.pause)

    async def resume(self, project: Project, bulk_id: BulkId, actor: str) -> Bulk:
        return await self._decide(project, bulk_id, actor, decide.resume)

    async def cancel(self, project: Project, bulk_id: BulkId, actor: str) -> Bulk:
        """End it: issue nothing more, and withdraw the commands that were not sent yet."""
        bulk = await self._decide(project, bulk_id, actor, decide.cancel)
        for command in await self._views.open_commands():
            if bulk_of(command) == bulk.id and command.attempts == 0:
                with suppress(Conflict):  # It was sent meanwhile.
                    await self._commands.cancel(project, command.id, actor)
        return await self.one(project, bulk_id)

    async def _decide(
        self,
        project: Project,
        bulk_id: BulkId,
        actor: str,
        decision: Callable[..., Entry | None],
    ) -> Bulk:
        async def decided() -> Write | None:
            bulk = await self.one(project, bulk_id)
            entry = decision(bulk, by=actor, at=self._clock.now())
            return None if entry is None else bulk.write(entry)

        await self._log.settle(decided)
        self._tell(project)
        return await self.one(project, bulk_id)

    async def _started_before(
        self, project: Project, bulk_id: BulkId, wanted: Wanted
    ) -> Bulk | None:
        bulk = await self._bulks.bulk(project.id, bulk_id)
        if bulk is not None and not decide.repeats(bulk, wanted):
            raise Conflict(
                f"This idempotency key was used for another bulk operation: {bulk.action} of "
                f"{bulk.query!r}. Use a new key for a new one."
            )
        return bulk

    async def _refuse_too_many(self, project: Project) -> None:
        still_open = await self._bulks.open_bulks()
        if sum(bulk.project_id == project.id for bulk in still_open) >= MOST_OPEN:
            raise Conflict(
                f"{MOST_OPEN} bulk operations of this project have not ended; wait for one, or "
                "cancel it."
            )

    def _parsed(self, query: str, now: Instant) -> Query:
        try:
            where = parse_query(query, now=now)
        except InvalidInput as error:
            raise InvalidInput(error.message, **error.details | {"field": "query"}) from None
        if not where.terms:
            raise InvalidInput(
                "an empty query is every task of the project; say which ones, like state:failed",
                field="query",
            )
        return where

    def _tell(self, project: Project) -> None:
        self._runner.wake()
        self._bus.publish(Change(project.id, Topic.COMMANDS))
