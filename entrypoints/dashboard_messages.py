"""What goes out on `/ws/dashboard`, as text."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from ..domain.fanout import Topic
from ..domain.feed import Delta, Snapshot
from ..ports.codec import Codec
from .http.render_tasks import render_task

KEPT_TEXTS = 16
"""Of all projects: readers take a difference at about the same time."""


class DashboardMessages:
    """A difference is written once for all who are told it."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._written: deque[tuple[str, Delta, str]] = deque(maxlen=KEPT_TEXTS)

    def of(self, slug: str, message: Snapshot | Delta) -> str:
        if isinstance(message, Snapshot):
            return self.plain(_rendered(slug, message))
        for project, delta, text in self._written:
            if delta is message and project == slug:
                return text
        text = self.plain(_rendered(slug, message))
        self._written.appendleft((slug, message, text))
        return text

    def plain(self, message: Mapping[str, Any]) -> str:
        return self._codec.dumps(message).decode()


def _rendered(slug: str, message: Snapshot | Delta) -> Mapping[str, Any]:
    topics: dict[str, Any] = {topic.value: {"changed": True} for topic in message.topics}
    rows = message.rows
    if rows is not None:
        tasks = [render_task(task) for task in rows.tasks]
        topics[Topic.TASKS] = {"tasks": tasks, "next_cursor": rows.next_cursor, "more": rows.more}
    kind = "snapshot" if isinstance(message, Snapshot) else "delta"
    return {"type": kind, "project": slug, "version": message.version, "topics": topics}
