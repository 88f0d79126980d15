"""What one append made of tasks and queues, minutes taken together: for counters that only grow.

Tasks and queues are counted apart. The product of all names and all queues has no bound that a
monitoring system could carry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .histogram import Histogram, add
from .queues import QueueMinute
from .statistics import MinuteStatistics


class TaskName(NamedTuple):
    engine: str
    name: str
    """Empty for tasks whose name is not known yet."""


class QueueName(NamedTuple):
    engine: str
    queue: str


@dataclass(slots=True)
class TaskTally:
    """As a difference: a fact that was told anew under a better name counts -1 under the old one."""

    counts: dict[str, int] = field(default_factory=dict)
    runs: Histogram = field(default_factory=dict)
    waits: Histogram = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    tasks: Mapping[TaskName, TaskTally] = field(default_factory=dict)
    queues: Mapping[QueueName, Mapping[str, int]] = field(default_factory=dict)
    """-> received, started, ended"""


NOTHING = Tally()


def tally(rows: Iterable[MinuteStatistics], minutes: Iterable[QueueMinute]) -> Tally:
    """Of the differences that a fold made, over all projects; takes copies."""
    tasks: dict[TaskName, TaskTally] = {}
    for row in rows:
        task = tasks.setdefault(TaskName(row.key.engine, row.key.name), TaskTally())
        for what, number in row.counts.items():
            task.counts[what] = task.counts.get(what, 0) + number
        add(task.runs, row.runs)
        add(task.waits, row.waits)
    queues: dict[QueueName, dict[str, int]] = {}
    for minute in minutes:
        place = minute.key.queue
        counts = queues.setdefault(QueueName(place.engine, place.queue), dict.fromkeys(PASSED, 0))
        for what in PASSED:
            counts[what] += getattr(minute, what)
    return Tally(tasks, queues)


PASSED = ("received", "started", "ended")
