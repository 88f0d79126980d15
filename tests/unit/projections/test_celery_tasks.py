"""Celery tells most things twice: by the worker's signals and by its event stream (§6.3)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from taskdeck.domain.events import Event
from taskdeck.domain.projections.marks import Rank
from taskdeck.domain.projections.tasks import Task, TaskState

Build = Callable[..., Event]
Fold = Callable[..., Task]
Counts = Callable[..., dict[str, int]]


def test_prefork(signal: Build, monitor: Build, fold: Fold, start: int) -> None:
    """The main process tells of the receipt, the event stream of the rest."""
    task = fold(
        signal("received", 0, args=[1, 2], kwargs={"a": 1}),
        monitor("started", 1, args=None, kwargs=None),
        monitor("succeeded", 4, result="3", runtime_ms=2_900),
    )

    assert (task.state, task.name, task.attempt_count) == (TaskState.SUCCEEDED, "app.add", 1)
    assert (task.field("queue"), task.field("worker")) == ("celery", "w1@h")
    assert (task.field("args"), task.field("kwargs")) == ([1, 2], {"a": 1})
    assert task.field("result") == "3"
    (attempt,) = task.attempts
    assert (attempt.received_at, attempt.wait_us) == (start, 1_000_000)
    assert attempt.runtime_us == 2_900_000, "the engine's own measure goes before ours"


@pytest.mark.parametrize("lag", [-0.4, 0, 0.01, 0.5, 1])
def test_solo_tells_everything_twice(
    lag: float, signal: Build, monitor: Build, fold: Fold, counts: Counts
) -> None:
    events = (
        signal("received", 0),
        signal("started", 1),
        monitor("started", 1 + lag),
        signal("succeeded", 2, result={"n": 3}, runtime_ms=None),
        monitor("succeeded", 2 + lag, result="{'n': 3}", runtime_ms=1_001),
    )

    task = fold(*events)

    assert (task.state, task.attempt_count) == (TaskState.SUCCEEDED, 1)
    assert task.field("result") == {"n": 3}, "not its repr"
    assert task.attempts[0].runtime_us == 1_001_000
    assert counts(*events) == {"received": 1, "started": 1, "succeeded": 1}


@pytest.mark.parametrize("kind", ["succeeded", "failed", "retried", "revoked"])
@pytest.mark.parametrize("agents", [1, 2, 3, 10])
def test_every_agent_sends_a_copy(
    kind: str, agents: int, signal: Build, monitor: Build, fold: Fold, counts: Counts
) -> None:
    lags = [number / agents for number in range(agents)]
    events = [
        signal("received", 0),
        *(monitor("started", 1 + lag) for lag in lags),
        *(monitor(kind, 5 + lag) for lag in lags),
    ]

    assert fold(*events).attempt_count == 1
    assert counts(*events) == {"received": 1, "started": 1, kind: 1}


@pytest.mark.parametrize("kind", ["succeeded", "failed", "retried", "revoked"])
def test_signals_and_copies_of_two_agents(
    kind: str, signal: Build, monitor: Build, fold: Fold, counts: Counts
) -> None:
    events = [
        signal("received", 0),
        signal("started", 0.001),
        monitor("started", 0.3),
        monitor("started", 0.9),
        signal(kind, 0.005),
        monitor(kind, 0.31),
        monitor(kind, 1),
    ]

    for order in permutations(events):
        task = fold(*order)
        assert (task.state, task.attempt_count) == (TaskState(kind), 1)
        assert counts(*order) == {"received": 1, "started": 1, kind: 1}


def test_failure_is_worded_by_the_signal(signal: Build, monitor: Build, fold: Fold) -> None:
    task = fold(
        signal("failed", 1, exception="ValueError", exception_message="bad y", traceback="T"),
        monitor("failed", 2, exception="ValueError", exception_message="ValueError('bad y')"),
    )

    assert task.field("exception") == "ValueError"
    assert task.field("exception_message") == "bad y"
    assert task.field("traceback") == "T"


def test_revoked_before_it_started(signal: Build, monitor: Build, fold: Fold) -> None:
    task = fold(
        signal("received", 0),
        signal("revoked", 3, terminated=True, signum=15, expired=False),
        monitor("revoked", 3.01, terminated=True, signum=15, expired=False),
    )

    assert (task.state, task.name, task.attempt_count) == (TaskState.REVOKED, "app.add", 1)
    assert task.attempts[0].started_at is None


def test_retries_are_attempts(signal: Build, monitor: Build, fold: Fold, counts: Counts) -> None:
    """Received again for each retry, then with itself as its parent."""
    events = [
        signal("received", 0),
        monitor("started", 0.1),
        monitor("retried", 0.2, reason="RuntimeError('again')"),
        signal("received", 10, parent_task_id="t"),
        monitor("started", 10.1),
        monitor("retried", 10.2, reason="RuntimeError('again')"),
        signal("received", 20, parent_task_id="t"),
        monitor("started", 20.1),
        monitor("succeeded", 20.2, result="1"),
    ]

    task = fold(*events)

    assert (task.state, task.attempt_count) == (TaskState.SUCCEEDED, 3)
    assert task.field("parent_task_id") is None
    assert task.field("reason") is None, "it succeeded after all"
    assert counts(*events) == {"received": 3, "started": 3, "retried": 2, "succeeded": 1}


def test_two_quick_attempts_of_a_solo_worker(signal: Build, fold: Fold) -> None:
    """As captured: retried, and started again half a second later."""
    task = fold(
        signal("received", 0),
        signal("started", 0.01),
        signal("retried", 0.02),
        signal("received", 0.03, parent_task_id="t"),
        signal("started", 0.53),
        signal("succeeded", 0.54),
    )

    assert (task.state, task.attempt_count) == (TaskState.SUCCEEDED, 2)
    assert [attempt.runtime_us for attempt in task.attempts] == [10_000, 10_000]


@pytest.mark.parametrize("seconds", [0.001, 0.5, 1.9, 2.5, 60])
@pytest.mark.parametrize("lag", [0, 0.01, 1])
def test_next_receipt_overtakes_the_news_of_the_retry(
    seconds: float, lag: float, signal: Build, monitor: Build, fold: Fold
) -> None:
    """With prefork, the usual way of a retry: received again at once, held for its countdown."""
    ended = 0.1 + seconds
    events = [
        signal("received", 0),
        monitor("started", 0.1 + lag),
        monitor("retried", ended + lag, reason="RuntimeError('again')"),
        signal("received", ended + 0.005, parent_task_id="t"),
    ]
    later = [monitor("started", ended + 180 + lag), monitor("succeeded", ended + 181 + lag)]

    waiting, done = fold(*events), fold(*events, *later)

    assert waiting.state in {TaskState.RECEIVED, TaskState.RETRIED}
    assert (done.state, done.attempt_count) == (TaskState.SUCCEEDED, 2)
    assert [attempt.outcome for attempt in done.attempts] == [Rank.RETRIED, Rank.SUCCEEDED]


@pytest.mark.parametrize("kind", ["succeeded", "failed"])
def test_news_of_a_retry_after_its_end(
    kind: str, signal: Build, monitor: Build, fold: Fold
) -> None:
    """Another child of prefork ran it before the first could tell that it had sent it."""
    events = [
        signal("received", 0),
        monitor("started", 0.01),
        signal("received", 0.03, parent_task_id="t"),
        monitor("started", 0.04),
        monitor(kind, 0.05),
        monitor("retried", 0.06, reason="RuntimeError('again')"),
    ]

    for order in permutations(events):
        assert fold(*order).state == TaskState(kind)
