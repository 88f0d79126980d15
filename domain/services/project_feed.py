"""One project's changes, read once for all who look, and passed on in measure."""

from __future__ import annotations

import asyncio

from ...ports.clock import Clock
from ...ports.notices import Notices
from ...ports.projection_store import ProjectionStore
from ..errors import StoreUnavailable
from ..fanout import Topic
from ..faults import render_fault
from ..feed import SHOWN_TASKS, Interest, Rows, TaskWindow
from ..ids import ProjectId
from ..instants import SECOND, Instant
from ..notices import Notice, Severity
from ..queries import TaskPage
from ..search import Query
from ..search.cursors import cursor_after
from .feed_readers import Channel, Reader

GAP_SECONDS = 0.25
"""Between two differences, however much happens."""
BUSY_GAP_SECONDS = 0.5
"""After one that could not tell all: nobody reads so many rows."""
RETRY_SECONDS = 1.0


class ProjectFeed:
    """Tasks are read only while somebody wants rows of them."""

    def __init__(
        self, project_id: ProjectId, views: ProjectionStore, clock: Clock, notices: Notices
    ) -> None:
        self._project_id = project_id
        self._views = views
        self._clock = clock
        self._notices = notices
        self._window = TaskWindow()
        self._reading = asyncio.Lock()
        """No snapshot is older than the window that differences are made against."""
        self._touched: set[Topic] = set()
        self._changed = asyncio.Event()
        self._rests_until: Instant = 0
        self._channels: dict[Interest, Channel] = {}
        self._work = asyncio.create_task(self._run())

    def join(self, interest: Interest) -> Reader:
        channel = self._channels.setdefault(interest, Channel(interest, self._newest))
        reader = Reader(channel)
        channel.readers.add(reader)
        return reader

    def leave(self, reader: Reader) -> bool:
        """Tells whether that was the last one; then the feed has ended."""
        channel = reader.channel
        channel.readers.discard(reader)
        if not channel.readers:
            del self._channels[channel.interest]
        if not self._rows_wanted():
            self._window.forget()
        if not self._channels:
            self._work.cancel()
        return not self._channels

    def touch(self, topic: Topic) -> None:
        self._touched.add(topic)
        self._changed.set()

    def _rows_wanted(self) -> bool:
        return any(interest.wants_rows for interest in self._channels)

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            pause = self._rests_until - self._clock.now()
            if pause > 0:
                await self._clock.sleep(pause / SECOND)
            self._changed.clear()
            topics, self._touched = frozenset(self._touched), set()
            try:
                rows = await self._news(topics)
            except StoreUnavailable as error:
                self._notices.tell(Notice(Severity.WARNING, "dashboards.waiting", error.message))
                await self._again(topics)
                continue
            except Exception as error:  # or all who look would see an old picture, untold
                fault = f"A dashboard could not be brought up to date: {render_fault(error)}"
                self._notices.tell(Notice(Severity.ERROR, "dashboards.failed", fault))
                await self._again(topics)
                continue
            gap = BUSY_GAP_SECONDS if rows is not None and rows.more else GAP_SECONDS
            self._rests_until = self._clock.now() + round(gap * SECOND)
            for channel in self._channels.values():
                channel.tell(topics, rows)

    async def _again(self, topics: frozenset[Topic]) -> None:
        """These topics once more, after a while."""
        self._touched |= topics
        self._changed.set()
        await self._clock.sleep(RETRY_SECONDS)

    async def _newest(self) -> Rows:
        """For a snapshot."""
        async with self._reading:
            page, next_cursor = await self._read()
            self._window.begin(page.tasks)
        return Rows(page.tasks, next_cursor)

    async def _news(self, topics: frozenset[Topic]) -> Rows | None:
        if Topic.TASKS not in topics or not self._rows_wanted():
            return None
        async with self._reading:
            page, next_cursor = await self._read()
            if not self._rows_wanted():
                return None
            news = self._window.news(page.tasks)
        more = next_cursor is not None and len(news) == len(page.tasks)
        return Rows(news, next_cursor, more)

    async def _read(self) -> tuple[TaskPage, str | None]:
        asked_at = self._clock.now()
        page = await self._views.tasks(self._project_id, Query(), limit=SHOWN_TASKS)
        return page, cursor_after(page.next_cursor, asked_at=asked_at)
