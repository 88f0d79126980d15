"""Live views: one reading of the store for all who look at a project, four times a second at most."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

from ...ports.bus import Bus
from ...ports.clock import Clock
from ...ports.notices import Notices
from ...ports.projection_store import ProjectionStore
from ..errors import StoreUnavailable
from ..fanout import Topic
from ..faults import render_fault
from ..feed import SHOWN_TASKS, Delta, Snapshot, TaskWindow
from ..ids import ProjectId
from ..instants import SECOND, Instant
from ..notices import Notice, Severity
from ..search import Query

GAP_SECONDS = 0.25
"""Between two differences, however much happens."""
RETRY_SECONDS = 1.0
MOST_WAITING = 8
"""Differences that a slow reader may leave; then it gets a new snapshot instead."""

Message: TypeAlias = Snapshot | Delta


class Dashboards:
    """Feeds of projects, each alive while somebody reads it."""

    def __init__(self, *, views: ProjectionStore, bus: Bus, clock: Clock, notices: Notices) -> None:
        self._views = views
        self._bus = bus
        self._clock = clock
        self._notices = notices
        self._feeds: dict[ProjectId, _Feed] = {}

    async def run(self) -> None:
        """Hear of changes for ever; end by cancelling."""
        async with self._bus.subscribe() as changes:
            async for changed in changes:
                for change in changed:
                    feed = self._feeds.get(change.project_id)
                    if feed is not None:
                        feed.touch(change.topic)

    @asynccontextmanager
    async def follow(self, project_id: ProjectId) -> AsyncIterator[AsyncIterator[Message]]:
        """A snapshot, then differences. Reading raises StoreUnavailable if no snapshot can be had."""
        feed = self._feeds.get(project_id)
        if feed is None:
            feed = _Feed(project_id, self._views, self._clock, self._notices)
            self._feeds[project_id] = feed
        reader = feed.join()
        try:
            yield reader.messages()
        finally:
            if feed.leave(reader):
                self._feeds.pop(project_id, None)


class _Reader:
    """What one dashboard has still to be told."""

    def __init__(self, feed: _Feed) -> None:
        self._feed = feed
        self._waiting: deque[Delta] = deque()
        self._arrived = asyncio.Event()
        self._behind = False

    def put(self, delta: Delta) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self._behind = True
        if not self._behind:
            self._waiting.append(delta)
        self._arrived.set()

    async def messages(self) -> AsyncIterator[Message]:
        version = 0
        self._behind = True
        while True:
            if self._behind:
                self._behind = False
                self._waiting.clear()
                snapshot = await self._feed.snapshot()
                version = snapshot.version
                yield snapshot
            while self._waiting:
                delta = self._waiting.popleft()
                if delta.version > version:
                    version = delta.version
                    yield delta
            self._arrived.clear()
            if not self._waiting and not self._behind:
                await self._arrived.wait()


class _Feed:
    """One project's differences, read once for all its readers."""

    def __init__(
        self, project_id: ProjectId, views: ProjectionStore, clock: Clock, notices: Notices
    ) -> None:
        self._project_id = project_id
        self._views = views
        self._clock = clock
        self._notices = notices
        self._window = TaskWindow()
        self._version = 1
        self._touched: set[Topic] = set()
        self._changed = asyncio.Event()
        self._told_at: Instant = 0
        self._readers: set[_Reader] = set()
        self._work = asyncio.create_task(self._run())

    def join(self) -> _Reader:
        reader = _Reader(self)
        self._readers.add(reader)
        return reader

    def leave(self, reader: _Reader) -> bool:
        """Tells whether that was the last one; then the feed has ended."""
        self._readers.discard(reader)
        if not self._readers:
            self._work.cancel()
        return not self._readers

    def touch(self, topic: Topic) -> None:
        self._touched.add(topic)
        self._changed.set()

    async def snapshot(self) -> Snapshot:
        version = self._version
        page = await self._views.tasks(self._project_id, Query(), limit=SHOWN_TASKS)
        return Snapshot(version, page.tasks)

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            pause = self._told_at + GAP_SECONDS * SECOND - self._clock.now()
            if pause > 0:
                await self._clock.sleep(pause / SECOND)
            self._changed.clear()
            topics, self._touched = frozenset(self._touched), set()
            try:
                delta = await self._read(topics)
            except StoreUnavailable as error:
                self._notices.tell(Notice(Severity.WARNING, "dashboards.waiting", error.message))
                await self._again(topics)
                continue
            except Exception as error:  # or all who look would see an old picture, untold
                fault = f"A dashboard could not be brought up to date: {render_fault(error)}"
                self._notices.tell(Notice(Severity.ERROR, "dashboards.failed", fault))
                await self._again(topics)
                continue
            self._told_at = self._clock.now()
            for reader in self._readers:
                reader.put(delta)

    async def _again(self, topics: frozenset[Topic]) -> None:
        """These topics once more, after a while."""
        self._touched |= topics
        self._changed.set()
        await self._clock.sleep(RETRY_SECONDS)

    async def _read(self, topics: frozenset[Topic]) -> Delta:
        if Topic.TASKS not in topics:
            self._version += 1
            return Delta(self._version, topics)
        page = await self._views.tasks(self._project_id, Query(), limit=2 * SHOWN_TASKS)
        news = self._window.news(page.tasks)
        self._version += 1
        return Delta(self._version, topics, news, more=len(news) == 2 * SHOWN_TASKS)
