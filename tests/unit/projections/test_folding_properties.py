"""Views are functions of what was told, whatever the order, the batches and the repetitions."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from taskdeck.domain.events import Event
from taskdeck.domain.projections import failure_hours, queues, statistics
from taskdeck.domain.projections.failure_hours import FailureHour, FailureKey
from taskdeck.domain.projections.fingerprints import UNKNOWN_FINGERPRINT
from taskdeck.domain.projections.folding import fold_events, task_keys
from taskdeck.domain.projections.queues import Queue, QueueKey, QueueMinute, QueueMinuteKey
from taskdeck.domain.projections.statistics import MinuteStatistics, StatisticsKey
from taskdeck.domain.projections.tasks import Task, TaskKey

from .executions import Execution, depth_reports, executions, many_executions


class Store:
    """Keeps what a database would: documents, and rows that differences are added to."""

    def __init__(self) -> None:
        self.tasks: dict[TaskKey, str] = {}
        self.statistics: dict[StatisticsKey, MinuteStatistics] = {}
        self.queue_minutes: dict[QueueMinuteKey, QueueMinute] = {}
        self.queues: dict[QueueKey, Queue] = {}
        self.failures: dict[FailureKey, FailureHour] = {}
        self.kinds: set[tuple[str, str]] = set()

    def write(self, batch: list[Event]) -> None:
        stored = {key: self.task(key) for key in task_keys(batch) if key in self.tasks}
        changes = fold_events(batch, stored)
        for task in changes.tasks:
            self.tasks[task.key] = json.dumps(task.to_document())
        for name, row in changes.statistics.items():
            self.statistics.setdefault(name, MinuteStatistics(name)).add(row)
        for place, minute in changes.queue_minutes.items():
            self.queue_minutes.setdefault(place, QueueMinute(place)).add(minute)
        for key, queue in changes.queues.items():
            self.queues.setdefault(key, Queue(key)).merge(queue)
        for hour_key, hour in changes.failures.items():
            self.failures.setdefault(hour_key, FailureHour(hour_key)).add(hour)
            assert hour_key.fingerprint == UNKNOWN_FINGERPRINT or (
                (hour_key.project_id, hour_key.fingerprint) in self.kinds | changes.kinds.keys()
            )
        self.kinds |= changes.kinds.keys()

    def task(self, key: TaskKey) -> Task:
        return Task.from_document(key, json.loads(self.tasks[key]))

    def views(self) -> dict[str, Any]:
        """Everything, in a form that compares."""
        return {
            "tasks": {key: json.loads(document) for key, document in self.tasks.items()},
            "statistics": _rows(self.statistics),
            "minutes": _rows(self.queue_minutes),
            "queues": self.queues,
            "failures": _rows(self.failures),
        }


def _rows(rows: dict[Any, Any]) -> dict[Any, Any]:
    return {key: row.to_document() for key, row in rows.items() if not row.is_empty}


def batches(events: list[Event], chance: random.Random) -> Iterator[list[Event]]:
    while events:
        size = chance.randint(1, 8)
        yield events[:size]
        events = events[size:]


def stored(told: Iterable[list[Event]]) -> Store:
    store = Store()
    for batch in told:
        store.write(batch)
    return store


@given(story=many_executions(), depths=depth_reports(), seed=st.integers(0, 2**32))
def test_order_batches_and_repetition_change_nothing(
    story: list[Execution], depths: list[Event], seed: int
) -> None:
    chance = random.Random(seed)
    events = [event for each in story for event in each.events] + depths
    shuffled = events + chance.choices(events, k=chance.randint(0, len(events)))
    chance.shuffle(shuffled)

    plain = stored([events])
    other = stored(batches(shuffled, chance))

    assert other.views() == plain.views()


@given(story=many_executions(), seed=st.integers(0, 2**32))
def test_statistics_are_what_the_tasks_contribute(story: list[Execution], seed: int) -> None:
    chance = random.Random(seed)
    events = [event for each in story for event in each.events]
    chance.shuffle(events)

    store = stored(batches(events, chance))

    rows: dict[StatisticsKey, MinuteStatistics] = {}
    minutes: dict[QueueMinuteKey, QueueMinute] = {}
    hours: dict[FailureKey, FailureHour] = {}
    for key in store.tasks:
        task = store.task(key)
        statistics.contribute(rows, task.share(), +1)
        queues.contribute(minutes, task.share(), +1)
        failure_hours.contribute(hours, task.share(), +1)
    assert _rows(store.statistics) == _rows(rows)
    assert _rows(store.queue_minutes) == _rows(minutes)
    assert _rows(store.failures) == _rows(hours)
    for row in store.statistics.values():
        assert all(number >= 0 for number in row.counts.values())
        assert all(number > 0 for number in (*row.runs.values(), *row.waits.values()))
        assert row.run_total_us >= 0
    for minute in store.queue_minutes.values():
        assert min(minute.received, minute.started, minute.ended) >= 0


@given(execution=executions(), seed=st.integers(0, 2**32))
def test_attempts_are_those_that_happened(execution: Execution, seed: int) -> None:
    events = list(execution.events)
    random.Random(seed).shuffle(events)

    (task,) = fold_events(events, {}).tasks

    assert task.key == execution.key
    assert task.attempt_count == execution.attempts
