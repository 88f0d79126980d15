"""Queue depths become events when there is something to tell."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from taskdeck.domain.depth_watch import DepthWatch
from taskdeck.domain.events import Event, EventKind
from taskdeck.domain.ids import ProjectId
from taskdeck.domain.instants import MINUTE, SECOND, Instant

Observe = Callable[[Instant, Mapping[str, Mapping[str, int]]], dict[tuple[str, str], int]]
START = 1_790_000_000 * SECOND


def events_of(
    watch: DepthWatch, at: Instant, measured: Mapping[str, Mapping[str, int]], session: str = "s"
) -> tuple[Event, ...]:
    return watch.observe(measured, project_id=ProjectId("p"), session_id=session, now=at)


@pytest.fixture
def observe() -> Observe:
    """One watch; says what it tells at a time as (engine, queue) -> depth."""
    watch = DepthWatch()

    def told(at: Instant, measured: Mapping[str, Mapping[str, int]]) -> dict[tuple[str, str], int]:
        return {
            (event.engine, event.data["queue"]): event.data["depth"]
            for event in events_of(watch, START + at, measured)
        }

    return told


def test_first_report_is_told_whole(observe: Observe) -> None:
    assert observe(0, {"celery": {"a": 1, "b": 0}, "rq": {"a": 2}}) == {
        ("celery", "a"): 1, ("celery", "b"): 0, ("rq", "a"): 2,
    }  # fmt: skip


def test_change_is_told_at_once_and_alone(observe: Observe) -> None:
    observe(0, {"celery": {"a": 1, "b": 5}})

    assert observe(SECOND, {"celery": {"a": 2, "b": 5}}) == {("celery", "a"): 2}
    assert observe(2 * SECOND, {"celery": {"a": 2, "b": 5}}) == {}


def test_new_queue_is_told_at_once(observe: Observe) -> None:
    observe(0, {"celery": {"a": 1}})

    assert observe(SECOND, {"celery": {"a": 1, "b": 0}}) == {("celery", "b"): 0}


def test_what_does_not_change_is_told_each_minute(observe: Observe) -> None:
    same = {"celery": {"a": 1}}
    told_at = [second for second in range(0, 181, 10) if observe(second * SECOND, same)]

    assert told_at == [0, 60, 120, 180]


def test_a_change_does_not_put_off_the_others(observe: Observe) -> None:
    observe(0, {"celery": {"a": 1, "b": 1}})
    observe(30 * SECOND, {"celery": {"a": 2, "b": 1}})

    assert observe(MINUTE, {"celery": {"a": 2, "b": 1}}) == {
        ("celery", "a"): 2, ("celery", "b"): 1,
    }  # fmt: skip


def test_queue_that_vanished_is_empty_and_told_once(observe: Observe) -> None:
    """Celery on Redis lists only queues that are not empty."""
    observe(0, {"celery": {"a": 7}})

    assert observe(SECOND, {"celery": {}}) == {("celery", "a"): 0}
    assert observe(2 * SECOND, {"celery": {}}) == {}
    assert observe(3 * MINUTE, {"celery": {}}) == {}
    assert observe(4 * MINUTE, {"celery": {"a": 1}}) == {("celery", "a"): 1}


def test_engine_that_did_not_measure_says_nothing_of_its_queues(observe: Observe) -> None:
    observe(0, {"celery": {"a": 7}, "rq": {"b": 1}})

    assert observe(SECOND, {"rq": {"b": 1}}) == {}
    assert observe(2 * SECOND, {"celery": {}, "rq": {"b": 1}}) == {("celery", "a"): 0}


def test_events_are_complete() -> None:
    (event,) = events_of(DepthWatch(), START, {"celery": {"é\n": 3}})

    assert event.kind is EventKind.QUEUE_DEPTH_REPORT
    assert (event.project_id, event.engine, event.task_id) == ("p", "celery", "")
    assert event.occurred_at == event.received_at == START
    assert event.data == json.loads(event.raw) == {"queue": "é\n", "depth": 3}
    assert len(event.id) == 16


def test_ids_are_deterministic_and_distinct() -> None:
    """The same report, folded again after a crash, is the same event."""
    measured = {"celery": {"a": 1, "b": 1}, "rq": {"a": 1}}
    first = [event.id for event in events_of(DepthWatch(), START, measured)]

    assert [event.id for event in events_of(DepthWatch(), START, measured)] == first
    others = [
        events_of(DepthWatch(), START + 1, measured),
        events_of(DepthWatch(), START, measured, session="other"),
    ]
    all_ids = first + [event.id for events in others for event in events]
    assert len(set(all_ids)) == len(all_ids) == 9


def test_vanished_queues_are_forgotten() -> None:
    """Queues named after jobs come and go; a session must not grow with them."""
    watch = DepthWatch()

    told = 0
    for number in range(1_000):
        told += len(events_of(watch, START + number * SECOND, {"rq": {f"q{number}": 1}}))

    assert told == 1_999
    assert len(events_of(watch, START + 2_000 * SECOND, {"rq": {}})) == 1
    assert events_of(watch, START + 3_000 * SECOND, {"rq": {}}) == ()
