"""Pruning in memory."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import dropwhile

from ...domain.instants import DAY, Instant
from ...domain.retention import DataKind, RetentionDays, day_of, first_kept_day
from .state import MemoryState


class MemoryUpkeep:
    """Satisfies `Upkeep`."""

    def __init__(self, state: MemoryState, days: RetentionDays) -> None:
        self._state = state
        self._days = days

    async def make_room(self, now: Instant) -> None:
        """There is always room."""

    async def prune(self, now: Instant) -> bool:
        state, views = self._state, self._state.views
        kept = self._days
        events, tasks, commands, minutes = (
            first_kept_day(now, days) * DAY
            for days in (kept.events, kept.tasks, kept.commands, kept.statistics)
        )
        # From the front only, as SQLite does: what is left keeps its place, and cursors stay good.
        left = dropwhile(lambda item: item[1].received_at < events, state.events.items())
        before, state.events = len(state.events), dict(left)
        state.pruned += before - len(state.events)
        views.tasks = {k: each for k, each in views.tasks.items() if each.last_event_at >= tasks}
        views.commands = {
            k: each
            for k, each in views.commands.items()
            if each.issued_at >= commands or not each.status.final
        }
        views.statistics = {k: row for k, row in views.statistics.items() if k.minute >= minutes}
        views.queue_minutes = {
            k: row for k, row in views.queue_minutes.items() if k.minute >= minutes
        }
        seen = {key.queue for key in views.queue_minutes}
        views.queues = {
            k: each for k, each in views.queues.items() if k in seen or each.depth_at >= minutes
        }
        views.workers = {
            k: each
            for k, each in views.workers.items()
            if each.closed_at is None or each.closed_at >= tasks
        }
        views.failures = {k: row for k, row in views.failures.items() if k.hour >= minutes}
        views.kinds = {k: each for k, each in views.kinds.items() if k.day >= minutes}
        return False

    async def sum_up(self, now: Instant, *, since: Instant) -> bool:
        """Minutes are at hand."""
        return False

    async def oldest_days(self) -> Mapping[DataKind, int]:
        state, views = self._state, self._state.views
        moments = {
            DataKind.EVENTS: [each.received_at for each in state.events.values()],
            DataKind.TASKS: [each.last_event_at for each in views.tasks.values()],
            DataKind.COMMANDS: [each.issued_at for each in views.commands.values()],
            DataKind.STATISTICS: [
                *(key.minute for key in views.statistics),
                *(key.minute for key in views.queue_minutes),
            ],
        }
        return {kind: day_of(min(found)) for kind, found in moments.items() if found}
