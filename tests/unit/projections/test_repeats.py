"""What Celery's monitor repeats is known as a repetition, event by event."""

from __future__ import annotations

from taskdeck.domain.events import Event
from taskdeck.domain.instants import MINUTE, SECOND, Instant
from taskdeck.domain.projections.repeats import repeats

from ...builders import NOW, event, event_id, run_of


def told(kind: str, at: Instant, name: str = "direct") -> Event:
    return event(f"task.{kind}", at=at, name=(name, kind), engine="celery")


def copied(kind: str, at: Instant, name: str = "copy", worker: str = "w1@h") -> Event:
    return event(f"task.{kind}", at=at, name=(name, kind), engine="celery", worker=worker)


def test_copies_beside_their_originals() -> None:
    events = [
        told("started", NOW), copied("started", NOW + SECOND // 2),
        told("failed", NOW + MINUTE), copied("failed", NOW + MINUTE + SECOND),
    ]  # fmt: skip
    expected = {event_id(("copy", "started")), event_id(("copy", "failed"))}
    assert repeats(events) == expected
    assert repeats(reversed(events)) == expected


def test_of_two_monitors_one_tells_it() -> None:
    first = copied("succeeded", NOW)
    for second_at in (NOW, NOW + 10):
        assert len(repeats([first, copied("succeeded", second_at, "other")])) == 1


def test_what_only_the_monitor_tells_is_no_repetition() -> None:
    assert not repeats([told("received", NOW), copied("started", NOW + SECOND)])


def test_runs_are_no_repetitions_of_each_other() -> None:
    again = [told("started", NOW + n * SECOND // 2, f"run{n}") for n in range(3)]
    assert not repeats(again)
    assert not repeats(run_of("t1", worker="w1"))


def test_other_events_are_none() -> None:
    assert not repeats([event("queue.depth_report", engine="celery", worker="w1@h")])
