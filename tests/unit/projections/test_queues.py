"""Queues: the latest depth, and each minute's traffic."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import permutations

import pytest

from taskdeck.domain.events import Event
from taskdeck.domain.ids import ProjectId
from taskdeck.domain.instants import MINUTE, SECOND
from taskdeck.domain.projections.folding import fold_events
from taskdeck.domain.projections.queues import Queue, QueueKey, QueueMinute, QueueMinuteKey

Build = Callable[..., Event]
Depth = Callable[[float, object], Event]

KEY = QueueKey(ProjectId("p"), "rq", "default")


@pytest.fixture
def depth(event: Build) -> Depth:
    """A measurement of the queue `default` at a second."""
    return lambda seconds, depth: event(
        "queue.depth_report", seconds, task_id="", queue="default", depth=depth
    )


def test_latest_depth_stands_in_any_order(depth: Depth, start: int) -> None:
    reports = (depth(0, 5), depth(10, 9), depth(20, 2))

    for order in permutations(reports):
        changes = fold_events(order, {})
        assert changes.queues == {KEY: Queue(KEY, 2, start + 20 * SECOND)}


def test_two_agents_that_measure_at_one_time(depth: Depth) -> None:
    for order in permutations((depth(0, 3), depth(0, 4))):
        assert fold_events(order, {}).queues[KEY].depth == 4


def test_minutes_keep_their_last_and_their_highest(depth: Depth, start: int) -> None:
    reports = (depth(5, 3), depth(20, 80), depth(50, 1), depth(60, 7), depth(119, 0))

    for order in permutations(reports):
        rows = fold_events(order, {}).queue_minutes
        assert {
            (key.minute - start) // MINUTE: (row.depth, row.depth_max) for key, row in rows.items()
        } == {0: (1, 80), 1: (0, 7)}


@pytest.mark.parametrize("split", [0, 1, 2, 3])
def test_batches_merge_as_if_they_were_one(split: int, depth: Depth) -> None:
    reports = [depth(5, 3), depth(20, 80), depth(50, 1)]
    whole = fold_events(reports, {})
    queue, minutes = Queue(KEY), dict[QueueMinuteKey, QueueMinute]()

    for batch in (reports[split:], reports[:split]):
        changes = fold_events(batch, {})
        for key, row in changes.queue_minutes.items():
            minutes.setdefault(key, QueueMinute(key)).add(row)
        for latest in changes.queues.values():
            queue.merge(latest)

    assert minutes == whole.queue_minutes
    assert queue == whole.queues[KEY]


def test_traffic(event: Build, start: int) -> None:
    story = [
        event("received", 10, queue="default"),
        event("started", 59),
        event("retried", 61),
        event("started", 125),
        event("failed", 126),
    ]

    rows = fold_events(story, {}).queue_minutes

    assert {
        (key.minute - start) // MINUTE: (row.received, row.started, row.ended)
        for key, row in rows.items()
    } == {0: (1, 1, 0), 1: (0, 0, 1), 2: (0, 1, 1)}
    assert {key.queue for key in rows} == {KEY}


def test_queue_that_is_only_used_is_known_without_a_depth(event: Build) -> None:
    changes = fold_events([event("received", 0, queue="default")], {})

    assert changes.queues == {KEY: Queue(KEY)}
    assert changes.queues[KEY].depth is None


def test_unmeasured_does_not_hide_the_measured(depth: Depth, event: Build) -> None:
    measured = fold_events([depth(0, 5)], {}).queues[KEY]
    used = fold_events([event("received", 60, queue="default")], {}).queues[KEY]

    measured.merge(used)

    assert measured.depth == 5


def test_queue_that_becomes_known_late(event: Build, start: int) -> None:
    first = fold_events([event("started", 0)], {})
    task = first.tasks[0]

    second = fold_events([event("received", -1, queue="default")], {task.key: task})

    assert first.queue_minutes == {}
    assert sum(row.started for row in second.queue_minutes.values()) == 1


def test_tasks_without_a_queue_have_no_rows(event: Build) -> None:
    changes = fold_events([event("received", 0, queue=None), event("started", 1, queue=7)], {})

    assert changes.queue_minutes == {}
    assert changes.queues == {}


@pytest.mark.parametrize("data", [
    {}, {"queue": "q"}, {"depth": 1}, {"queue": None, "depth": 1}, {"queue": "q", "depth": "1"},
    {"queue": "q", "depth": 1.5}, {"queue": "q", "depth": True}, {"queue": "q" * 201, "depth": 1},
])  # fmt: skip
def test_report_of_another_form_measures_nothing(data: dict[str, object], event: Build) -> None:
    changes = fold_events([event("queue.depth_report", 0, task_id="", **data)], {})

    assert (changes.queues, changes.queue_minutes) == ({}, {})


def test_negative_depth_is_an_empty_queue(depth: Depth) -> None:
    assert fold_events([depth(0, -3)], {}).queues[KEY].depth == 0


def test_row_survives_its_document(depth: Depth, event: Build) -> None:
    story = [depth(0, 5), event("received", 1, queue="default"), event("started", 2)]
    ((key, row),) = fold_events(story, {}).queue_minutes.items()

    copy = QueueMinute.from_document(key, json.loads(json.dumps(row.to_document())))

    assert copy == row
    assert not copy.is_empty
