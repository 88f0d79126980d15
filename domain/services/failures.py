"""Failures by what they have in common."""

from __future__ import annotations

from ...ports.clock import Clock
from ...ports.failure_views import FailureViews
from ...ports.projection_store import ProjectionStore
from ..access import Project
from ..failure_groups import FailureOverview, FailureWindow, group, rank
from ..instants import DAY, Instant
from .queries import window_of


class Failures:
    def __init__(self, *, groups: FailureViews, views: ProjectionStore, clock: Clock) -> None:
        self._groups = groups
        self._views = views
        self._clock = clock

    async def overview(
        self,
        project: Project,
        *,
        since: Instant | None,
        until: Instant | None,
        engine: str | None = None,
        name: str | None = None,
        limit: int,
    ) -> FailureOverview:
        """A window of time; without limits the last day. Raises InvalidInput over 31 days.

        Counts come from the projection. No history is read, but one task of each group.
        """
        start, end = window_of(since, until, now=self._clock.now(), default=DAY)
        window = FailureWindow.around(start, end)
        spans = await self._groups.spans(
            project.id, since=window.since, until=window.until, step=window.step
        )
        ranked = rank(
            span for span in spans if engine in (None, span.engine) and name in (None, span.name)
        )
        shown = ranked[:limit]
        prints = [fingerprint for fingerprint, _ in shown]
        kinds = await self._groups.kinds(project.id, prints, since=window.since, until=window.until)
        newest = await self._views.newest_failed(project.id, prints)
        groups = [group(*each, window, kinds=kinds, newest=newest) for each in shown]
        return FailureOverview(window, tuple(groups), len(ranked) - len(shown))
