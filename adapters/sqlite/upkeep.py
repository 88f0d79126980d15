"""Pruning in SQLite: small slices, so that writers wait for milliseconds only."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ...domain.instants import DAY, MINUTE, Instant
from ...domain.projections.periods import LENGTHS
from ...domain.retention import DataKind, RetentionDays, day_of, first_kept_day
from .database import SqliteDatabase
from .statements import statements
from .sums import sum_up

_SQL = statements("upkeep")
_SUMMED = json.dumps([MINUTE, *LENGTHS])
SLICE = 500
"""Rows of one transaction and table."""


class SqliteUpkeep:
    """Satisfies `Upkeep`."""

    def __init__(self, database: SqliteDatabase, days: RetentionDays) -> None:
        self._database = database
        self._days: Mapping[str, int] = {
            "prune_events": days.events,
            "prune_tasks": days.tasks,
            "prune_workers": days.tasks,
            "prune_worker_health": days.tasks,
            "prune_commands": days.commands,
            "prune_statistics": days.statistics,
            "prune_queue_minutes": days.statistics,
            "prune_statistics_sums": days.statistics,
            "prune_failure_hours": days.statistics,
            "prune_failure_kinds": days.statistics,
        }
        self._queues_pruned_on: int | None = None

    async def make_room(self, now: Instant) -> None:
        """A table grows by itself."""

    async def prune(self, now: Instant) -> bool:
        more = False
        for statement, days in self._days.items():
            wanted = {
                "before": first_kept_day(now, days) * DAY, "slice": SLICE, "lengths": _SUMMED,
            }  # fmt: skip
            async with self._database.transaction() as transaction:
                more |= await transaction.execute(_SQL[statement], wanted) == SLICE
        if not more:
            await self._prune_queues(now)
        return more

    async def _prune_queues(self, now: Instant) -> None:
        """Once a day, because all minutes are read for it; writers do not wait meanwhile."""
        if self._queues_pruned_on == day_of(now):
            return
        before = first_kept_day(now, self._days["prune_queue_minutes"]) * DAY
        unseen = await self._database.fetch(_SQL["unseen_queues"], {"before": before})
        async with self._database.transaction() as transaction:
            for project, engine, queue in unseen:
                wanted = {"before": before, "project": project, "engine": engine, "queue": queue}
                await transaction.execute(_SQL["prune_queue"], wanted)
        self._queues_pruned_on = day_of(now)

    async def sum_up(self, now: Instant, *, since: Instant) -> bool:
        kept = first_kept_day(now, self._days["prune_statistics"]) * DAY
        return await sum_up(self._database, now, max(since, kept))

    async def oldest_days(self) -> Mapping[DataKind, int]:
        rows = await self._database.fetch(_SQL["oldest"])
        return {DataKind(kind): day_of(at) for kind, at in rows if at is not None}
