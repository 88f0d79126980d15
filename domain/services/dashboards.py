"""Live views: one reading of the store for all who look at a project, four times a second at most."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ...ports.bus import Bus
from ...ports.clock import Clock
from ...ports.notices import Notices
from ...ports.projection_store import ProjectionStore
from ..feed import Interest
from ..ids import ProjectId
from .feed_readers import Message
from .project_feed import ProjectFeed


class Dashboards:
    """Feeds of projects, each alive while somebody reads it."""

    def __init__(self, *, views: ProjectionStore, bus: Bus, clock: Clock, notices: Notices) -> None:
        self._views = views
        self._bus = bus
        self._clock = clock
        self._notices = notices
        self._feeds: dict[ProjectId, ProjectFeed] = {}

    async def run(self) -> None:
        """Hear of changes for ever; end by cancelling."""
        async with self._bus.subscribe() as changes:
            async for changed in changes:
                for change in changed:
                    feed = self._feeds.get(change.project_id)
                    if feed is not None:
                        feed.touch(change.topic)

    @asynccontextmanager
    async def follow(
        self, project_id: ProjectId, interest: Interest
    ) -> AsyncIterator[AsyncIterator[Message]]:
        """A snapshot, then differences. Reading raises StoreUnavailable if no snapshot can be had."""
        feed = self._feeds.get(project_id)
        if feed is None:
            feed = ProjectFeed(project_id, self._views, self._clock, self._notices)
            self._feeds[project_id] = feed
        reader = feed.join(interest)
        try:
            yield reader.messages()
        finally:
            if feed.leave(reader):
                self._feeds.pop(project_id, None)
