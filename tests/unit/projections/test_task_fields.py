"""What is known of a task: the best that was said, never the last that was not known."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from taskdeck.domain.events import Event
from taskdeck.domain.projections.failures import Failure, read_failure
from taskdeck.domain.projections.tasks import Task

Build = Callable[..., Event]
Fold = Callable[..., Task]


@pytest.mark.parametrize("unknown", ["<unknown:0e23ea38>", "<unknown:", "unknown", "", None, 7])
def test_unknown_name_never_overrides(unknown: object, event: Build, fold: Fold) -> None:
    told = event("received", 0, task_name="app.add")
    later = event("succeeded", 60, task_name=unknown)

    assert fold(told, later).name == fold(later, told).name == "app.add"
    assert fold(later).name == ""


@pytest.mark.parametrize("field", [
    "queue", "worker", "args", "kwargs", "result", "tags", "priority", "root_task_id",
    "parent_task_id", "description", "expected_duration_ms", "deadline_ms",
])  # fmt: skip
def test_null_never_overrides(field: str, event: Build, fold: Fold) -> None:
    told = event("received", 0, **{field: "known"})
    null = event("started", 60, **{field: None})
    silent = event("succeeded", 61)

    for order in permutations((told, null, silent)):
        assert fold(*order).field(field) == "known"


def test_falsy_values_are_values(event: Build, fold: Fold) -> None:
    task = fold(event("succeeded", 0, result=0, args=[], kwargs={}, tags=""))

    assert [task.field(name) for name in ("result", "args", "kwargs", "tags")] == [0, [], {}, ""]


def test_later_word_stands(event: Build, fold: Fold) -> None:
    first, second = event("started", 0, worker="w1"), event("started", 60, worker="w2")

    assert fold(first, second).field("worker") == fold(second, first).field("worker") == "w2"


@pytest.mark.parametrize(("one", "other"), [
    ("a", "b"), (1, "1"), ({"a": 1}, {"a": 2}), ([1], [1, 2]), (1, True), (1, 1.0), ("é", "e"),
])  # fmt: skip
def test_two_words_at_one_time_settle_the_same_way(
    one: object, other: object, event: Build, fold: Fold
) -> None:
    first, second = event("succeeded", 0, result=one), event("succeeded", 0, result=other)

    there, back = fold(first, second), fold(second, first)

    assert repr(there.field("result")) == repr(back.field("result"))


def test_process_knows_better_than_the_copy(signal: Build, monitor: Build, fold: Fold) -> None:
    own = signal("succeeded", 0, result={"n": 1})
    copy = monitor("succeeded", 1.9, result="{'n': 1}")

    assert fold(own, copy).field("result") == fold(copy, own).field("result") == {"n": 1}


def test_link_to_itself_is_no_parent(event: Build, fold: Fold) -> None:
    own = event("received", 0, parent_task_id="t")
    real = event("received", 1, parent_task_id="parent")

    assert fold(own).field("parent_task_id") is None
    assert fold(real, own).field("parent_task_id") == "parent"


@pytest.mark.parametrize(("engine", "queue", "shown"), [
    ("dramatiq", "default.DQ", "default"),
    ("dramatiq", "default", "default"),
    ("dramatiq", "a.DQ.b", "a.DQ.b"),
    ("celery", "default.DQ", "default.DQ"),
])  # fmt: skip
def test_delay_queue(engine: str, queue: str, shown: str, event: Build, fold: Fold) -> None:
    assert fold(event("received", 0, engine, queue=queue)).field("queue") == shown


def test_failure_says_nothing_of_a_task_that_succeeded(event: Build, fold: Fold) -> None:
    failed = event("failed", 0, exception="ValueError: x", traceback="T", reason="timeout")
    started, succeeded = event("started", 60), event("succeeded", 61, result=1)

    task = fold(failed, started, succeeded)

    assert [task.field(name) for name in ("exception", "exception_message", "traceback")] == [
        None, None, None,
    ]  # fmt: skip
    assert task.field("reason") is None
    assert task.field("result") == 1


def test_result_says_nothing_of_a_task_that_runs_again(event: Build, fold: Fold) -> None:
    task = fold(event("succeeded", 0, result=1), event("started", 60))

    assert task.field("result") is None


@pytest.mark.parametrize("field", ["name", "queue", "worker", "nonsense"])
def test_field_of_which_nobody_spoke(field: str, event: Build, fold: Fold) -> None:
    assert fold(event("started", 0)).field(field) is None


TRACEBACK = "Traceback (most recent call last):\n  File 'x'\n    boom()\n"


@pytest.mark.parametrize(("data", "failure"), [
    (
        {"exception": "ValueError", "exception_message": "bad y", "traceback": "T"},
        Failure("ValueError", "bad y", "T"),
    ),
    ({"exception": "ValueError: bad x"}, Failure("ValueError", "bad x", None)),
    ({"exception": "app.errors.Boom: a: b"}, Failure("app.errors.Boom", "a: b", None)),
    ({"exception": "KeyError"}, Failure("KeyError", None, None)),
    ({"exception": "E: two\nlines"}, Failure("E", "two\nlines", None)),
    (
        {"exception": TRACEBACK + "ValueError: bad x"},
        Failure("ValueError", "bad x", TRACEBACK + "ValueError: bad x"),
    ),
    (
        {"exception": TRACEBACK + "app.Boom\n"},
        Failure("app.Boom", None, TRACEBACK + "app.Boom\n"),
    ),
    ({"exception": "went wrong, sorry"}, Failure(None, "went wrong, sorry", None)),
    ({"exception": TRACEBACK[:40]}, Failure(None, TRACEBACK[:34], TRACEBACK[:40])),
    ({"exception": "[REDACTED]"}, Failure(None, "[REDACTED]", None)),
    ({"exception": None, "exception_message": "m"}, Failure(None, "m", None)),
    ({"exception": 7, "traceback": ["T"]}, Failure(None, None, None)),
    ({"exception": ""}, Failure(None, None, None)),
    ({}, Failure(None, None, None)),
])  # fmt: skip
def test_failures_as_agents_word_them(data: dict[str, Any], failure: Failure) -> None:
    assert read_failure(data) == failure
