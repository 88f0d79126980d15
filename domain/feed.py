"""What a dashboard is told of a project: a snapshot, then numbered differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import InvalidInput
from .fanout import Topic
from .projections.tasks import Task, TaskKey

SHOWN_TASKS = 100
"""Newest tasks in a snapshot, and at most in a difference: more than a screen shows."""
ALL_TOPICS = frozenset(Topic)


@dataclass(frozen=True, slots=True)
class Interest:
    """What somebody wants to be told of. Readers with the same interest are told the same."""

    topics: frozenset[Topic] = ALL_TOPICS
    rows: bool = True
    """The tasks that changed, and not only that some did."""

    @property
    def wants_rows(self) -> bool:
        return self.rows and Topic.TASKS in self.topics


@dataclass(frozen=True, slots=True)
class Rows:
    """Tasks, newest first."""

    tasks: tuple[Task, ...]
    next_cursor: str | None
    """Of the list of tasks, behind the newest `SHOWN_TASKS`."""
    more: bool = False
    """More changed than is told: what was known before does not follow on these."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How things stand at this version."""

    version: int
    topics: frozenset[Topic]
    """All that the reader is told of; look at them."""
    rows: Rows | None = None
    """The newest ones, for those who want rows."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed since the version before. Whoever misses a version asks for a snapshot."""

    version: int
    topics: frozenset[Topic]
    """Look again at these."""
    rows: Rows | None = None
    """Those that changed, if tasks are among the topics, for those who want rows."""


def interest_of(wanted: Mapping[Any, Any]) -> Interest:
    """What a client says beside the project: `topics` and `rows`. Raises InvalidInput."""
    for name in wanted.keys() - {"topics", "rows"}:
        raise InvalidInput(f"a subscription has project, topics and rows, not {name!r}")
    topics, rows = wanted.get("topics"), wanted.get("rows", True)
    if not isinstance(rows, bool):
        raise InvalidInput("rows must be true or false", field="rows")
    if topics is None:
        return Interest(rows=rows)
    known = [topic.value for topic in Topic]
    if not isinstance(topics, list):
        raise InvalidInput(f"topics must be a list of {', '.join(known)}", field="topics")
    for topic in topics:
        if topic not in known:
            told = f"there is no topic {topic!r}; there are {', '.join(known)}"
            raise InvalidInput(told, field="topics")
    return Interest(frozenset(map(Topic, topics)), rows)


class TaskWindow:
    """The newest tasks as they were last told, to tell only what is new."""

    def __init__(self) -> None:
        self._told: dict[TaskKey, tuple[object, ...]] | None = None

    def begin(self, tasks: Iterable[Task]) -> None:
        """Take these as told, unless others were before."""
        if self._told is None:
            self._told = {task.key: _face(task) for task in tasks}

    def forget(self) -> None:
        self._told = None

    def news(self, tasks: Iterable[Task]) -> tuple[Task, ...]:
        """Those of the newest tasks that were not told like this before."""
        told, seen = self._told or {}, {task.key: _face(task) for task in tasks}
        changed = tuple(task for task in tasks if told.get(task.key) != seen[task.key])
        self._told = seen
        return changed


def _face(task: Task) -> tuple[object, ...]:
    return task.state, task.last_event_at, task.attempt_count, task.name, len(task.registers)
