"""Each engine has its own way of telling the same story (§6.4)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

from taskdeck.domain.events import Event
from taskdeck.domain.projections.folding import fold_events
from taskdeck.domain.projections.tasks import Task, TaskState

Build = Callable[..., Event]
Fold = Callable[..., Task]
Counts = Callable[..., dict[str, int]]

TRACEBACK = """Traceback (most recent call last):
  File "/app/lib/rq/worker/base.py", line 1671, in perform_job
    return_value = job.perform()
  File "/app/rqtasks.py", line 8, in boom
    raise ValueError("bad x")
ValueError: bad x
"""


def test_dramatiq_says_received_three_times(event: Build, fold: Fold, counts: Counts) -> None:
    """All with the time of the message: first delivery, delay queue, second delivery."""
    events = [
        event("received", 0, "dramatiq", task_name="boom", queue="default", worker="h@1"),
        event("started", 0.1, "dramatiq", task_name="boom", queue="default", worker="h@1"),
        event("received", 0, "dramatiq", task_name="boom", queue="default.DQ", worker="h@1"),
        event("retried", 0.2, "dramatiq", task_name="boom", exception="ValueError: bad x"),
        event("received", 0, "dramatiq", task_name="boom", queue="default", worker="h@1"),
        event("started", 15, "dramatiq", task_name="boom", queue="default", worker="h@2"),
        event("failed", 15.1, "dramatiq", task_name="boom", exception="ValueError: bad x"),
    ]

    for order in (events, events[::-1]):
        task = fold(*order)
        assert (task.state, task.attempt_count) == (TaskState.FAILED, 2)
        assert (task.field("queue"), task.field("worker")) == ("default", "h@2")
        assert (task.field("exception"), task.field("exception_message")) == ("ValueError", "bad x")
        assert counts(*order) == {"received": 1, "started": 2, "retried": 1, "failed": 1}


def test_rq_sends_its_traceback_as_exception(event: Build, fold: Fold) -> None:
    task = fold(
        event("started", 0, task_name="rqtasks.boom", queue="default", worker="rqw1"),
        event("failed", 1, task_name="rqtasks.boom", queue="default", exception=TRACEBACK),
    )

    assert task.state is TaskState.FAILED
    assert task.field("exception") == "ValueError"
    assert task.field("exception_message") == "bad x"
    assert task.field("traceback") == TRACEBACK


def test_rq_retries_under_the_same_id(event: Build, fold: Fold, counts: Counts) -> None:
    events = [
        event("started", 0, worker="rqw1"),
        event("failed", 1, exception=TRACEBACK),
        event("started", 60, worker="rqw2"),
        event("succeeded", 61, worker="rqw2"),
    ]

    for order in permutations(events):
        task = fold(*order)
        assert (task.state, task.attempt_count) == (TaskState.SUCCEEDED, 2)
        assert task.field("worker") == "rqw2"
        assert task.field("exception") is None
        assert counts(*order) == {"started": 2, "failed": 1, "succeeded": 1}


def test_rq_retry_that_runs(event: Build, fold: Fold) -> None:
    task = fold(event("started", 0), event("failed", 1), event("started", 60))

    assert (task.state, task.attempt_count) == (TaskState.STARTED, 2)


def test_taskiq_says_retried_and_failed_of_one_attempt(
    event: Build, fold: Fold, counts: Counts
) -> None:
    events = [
        event("received", 0, "taskiq", task_name="boom", args=[1]),
        event("started", 0.001, "taskiq", task_name="boom"),
        event("retried", 0.002, "taskiq", task_name="boom"),
        event("failed", 0.003, "taskiq", task_name="boom", exception="ValueError: bad"),
    ]

    for order in permutations(events):
        task = fold(*order)
        assert (task.state, task.attempt_count) == (TaskState.FAILED, 1)
        assert counts(*order) == {"received": 1, "started": 1, "failed": 1}


def test_huey_times_out_and_retries(event: Build, fold: Fold) -> None:
    task = fold(
        event("received", 0, "huey", task_name="slow", args=[1], kwargs={"b": 2}),
        event("started", 0.1, "huey", task_name="slow"),
        event("failed", 5, "huey", task_name="slow", reason="timeout"),
        event("retried", 5.001, "huey", task_name="slow"),
        event("started", 5.3, "huey", task_name="slow"),
        event("succeeded", 6, "huey", task_name="slow"),
    )

    assert (task.state, task.attempt_count) == (TaskState.SUCCEEDED, 2)
    assert (task.field("args"), task.field("kwargs")) == ([1], {"b": 2})
    assert task.field("reason") is None


def test_arq_tells_little(event: Build, fold: Fold) -> None:
    task = fold(
        event("started", 0, "arq", task_name="add"), event("succeeded", 0.5, "arq", task_name="add")
    )

    assert (task.state, task.name, task.attempt_count) == (TaskState.SUCCEEDED, "add", 1)
    assert task.attempts[0].runtime_us == 500_000
    assert task.attempts[0].wait_us is None
    assert task.field("queue") is None


def test_one_id_in_two_engines_is_two_tasks(event: Build) -> None:
    changes = fold_events([event("started", 0, "rq"), event("failed", 0, "huey")], {})

    assert {task.key.engine: task.state for task in changes.tasks} == {
        "rq": TaskState.STARTED, "huey": TaskState.FAILED,
    }  # fmt: skip


def test_what_was_captured(captured: tuple[Event, ...], counts: Counts) -> None:
    """Every task that real agents told of ends where it ended, in either order of arrival."""
    expected = {
        ("celery", "0dc1cd42"): "received celapp.add",
        ("celery", "0e23ea38"): "succeeded ",
        ("celery", "6b79cc8e"): "failed ",
        ("celery", "ef739458"): "retried ",
        ("celery", "72e762c6"): "revoked celapp.slow",
        ("celery", "30882c0b"): "succeeded celapp.flaky",
        ("celery", "18fc49d4"): "failed celapp.boom",
        ("celery", "3458b4bc"): "succeeded celapp.add",
        ("huey", "9de03ea1"): "succeeded t",
        ("rq", "b9125ee2"): "succeeded rqtasks.add",
        ("rq", "ef8b4b98"): "failed rqtasks.boom",
        ("dramatiq", "178dde2c"): "succeeded add",
        ("dramatiq", "dc56e410"): "failed boom",
        ("arq", "4846a30b"): "succeeded add",
        ("arq", "dd30a902"): "failed boom",
        ("arq", "d37cdbb4"): "retried flaky",
        ("taskiq", "ffc3c987"): "succeeded add",
        ("taskiq", "5b0bd520"): "failed boom",
    }

    for order in (captured, captured[::-1]):
        tasks = fold_events(order, {}).tasks
        found = {
            (task.key.engine, task.key.task_id[:8]): f"{task.state} {task.name}" for task in tasks
        }
        assert expected.items() <= found.items()
        assert {task.attempt_count for task in tasks} == {1}
        assert counts(*order) == {
            "received": 7, "started": 8, "succeeded": 8, "failed": 6, "retried": 2, "revoked": 1,
        }  # fmt: skip
