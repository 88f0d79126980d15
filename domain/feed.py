"""What a dashboard is told of a project: a snapshot, then numbered differences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .fanout import Topic
from .projections.tasks import Task, TaskKey

SHOWN_TASKS = 100
"""Newest tasks in a snapshot; a difference looks at twice as many."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How things stand at this version."""

    version: int
    tasks: tuple[Task, ...]
    """The newest ones, newest first."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed since the version before. Whoever misses a version asks for a snapshot."""

    version: int
    topics: frozenset[Topic]
    """Look again at these."""
    tasks: tuple[Task, ...] = ()
    """Those that changed, newest first, if tasks are among the topics."""
    more: bool = False
    """More tasks changed than are told."""


class TaskWindow:
    """The newest tasks as they were last told, to tell only what is new."""

    def __init__(self) -> None:
        self._told: dict[TaskKey, tuple[object, ...]] = {}

    def news(self, tasks: Iterable[Task]) -> tuple[Task, ...]:
        """Those of the newest tasks that were not told like this before."""
        seen = {task.key: _face(task) for task in tasks}
        changed = tuple(task for task in tasks if self._told.get(task.key) != seen[task.key])
        self._told = seen
        return changed


def _face(task: Task) -> tuple[object, ...]:
    return task.state, task.last_event_at, task.attempt_count, task.name, len(task.registers)
