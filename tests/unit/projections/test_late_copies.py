"""A busy solo worker's agent reads Celery's event stream long after the signals told all (§6.3)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from taskdeck.domain.events import Event
from taskdeck.domain.ids import EventId
from taskdeck.domain.instants import SECOND
from taskdeck.domain.projections.folding import fold_events
from taskdeck.domain.projections.marks import Rank
from taskdeck.domain.projections.tasks import Task, TaskState

Build = Callable[..., Event]
Fold = Callable[..., Task]
Counts = Callable[..., dict[str, int]]
LATE = [1, 5.5, 30, 600]


def declined(signal: Build) -> list[Event]:
    said = {"exception": "ValueError", "exception_message": "card declined", "traceback": "T"}
    return [signal("received", 0), signal("started", 1), signal("failed", 1.1, **said)]


def copy_of_declined(monitor: Build, at: float, worker: str = "w1@h") -> list[Event]:
    said = {"exception": "ValueError", "exception_message": "ValueError('card declined')"}
    return [
        monitor("started", at, worker=worker),
        monitor("failed", at + 0.1, worker=worker, **said),
    ]


@pytest.mark.parametrize("late", LATE)
def test_of_a_failure(
    late: float, signal: Build, monitor: Build, fold: Fold, counts: Counts, start: int
) -> None:
    told = declined(signal)
    alone = fold(*told)

    for order in permutations([*told, *copy_of_declined(monitor, 1 + late)]):
        task = fold(*order)
        assert (task.state, task.attempt_count) == (TaskState.FAILED, 1)
        assert task.attempts[0].ended_at == start + 1.1 * SECOND
        assert task.fingerprint == alone.fingerprint
        assert task.field("exception_message") == "card declined"
        assert task.field("traceback") == "T"
        assert counts(*order) == {"received": 1, "started": 1, "failed": 1}


def test_read_by_several_agents_each_in_its_time(signal: Build, monitor: Build, fold: Fold) -> None:
    copies = [copy for late in LATE for copy in copy_of_declined(monitor, 1 + late)]

    task = fold(*declined(signal), *copies)

    assert (task.state, task.attempt_count) == (TaskState.FAILED, 1)


@pytest.mark.parametrize("late", LATE)
def test_of_a_result(late: float, signal: Build, monitor: Build, fold: Fold) -> None:
    task = fold(
        signal("started", 0),
        signal("succeeded", 2, result={"n": 3}),
        monitor("started", late),
        monitor("succeeded", 2 + late, result="{'n': 3}", runtime_ms=1_001),
    )

    assert (task.state, task.attempt_count) == (TaskState.SUCCEEDED, 1)
    assert task.field("result") == {"n": 3}, "not its repr"
    assert task.attempts[0].runtime_us == 1_001_000


@pytest.mark.parametrize("kind", ["succeeded", "failed", "retried", "revoked"])
def test_of_an_end_whose_start_only_signals_told(
    kind: str, signal: Build, monitor: Build, fold: Fold
) -> None:
    events = (signal("started", 0), signal(kind, 1), monitor(kind, 60))

    assert fold(*events).attempt_count == 1


def invoice_that_fails(signal: Build, monitor: Build) -> list[Event]:
    """As a real worker told it: the second retry's copies come after the third run's receipt."""
    reason = "ConnectionError('refused')"
    again = {"reason": f"Retry in 1s: {reason}"}
    copied = {"reason": f"Retry(Retry(...), {reason}, 1)"}
    return [
        signal("received", 21.747),
        signal("started", 21.955),
        signal("retried", 22.005, **again),
        monitor("started", 22.621),
        monitor("retried", 22.624, **copied),
        signal("received", 36.556, parent_task_id="t"),
        signal("started", 37.756),
        signal("retried", 37.763, **again),
        signal("received", 38.828, parent_task_id="t"),
        monitor("started", 39.755),
        monitor("retried", 40.013, **copied),
        signal("started", 40.521),
        signal("failed", 40.542, exception="ConnectionError", exception_message="refused"),
        monitor("started", 40.676),
        monitor("failed", 40.684, exception="ConnectionError", exception_message=reason),
    ]


@pytest.mark.parametrize("late", [0, 0.7, 4, 30])
def test_of_retries(late: float, signal: Build, monitor: Build, fold: Fold, counts: Counts) -> None:
    told = invoice_that_fails(signal, monitor)
    delay = round(late * SECOND)
    later = [
        replace(each, occurred_at=each.occurred_at + delay) if each.data["worker"] else each
        for each in told
    ]

    for seed in range(20):
        random.Random(seed).shuffle(later)
        task = fold(*later)
        assert [each.outcome for each in task.attempts] == [Rank.RETRIED, Rank.RETRIED, Rank.FAILED]
        assert task.field("exception_message") == "refused"
        assert task.field("reason") is None, "of the retry before"
        assert counts(*later) == {"received": 3, "started": 3, "retried": 2, "failed": 1}


def quick_retries(signal: Build, monitor: Build) -> list[Event]:
    """A prefork worker told of them: runs of 0.3 s, each tried again a second later."""
    told: list[Event] = []
    for run, kind in enumerate(["retried", "retried", "retried", "failed"]):
        at = run * 1.3
        # The receipt of the next run comes before the monitor's word on this one's end.
        told += [signal("received", at - 1 if run else at, parent_task_id="t" if run else None)]
        told += [monitor("started", at + 0.01), monitor(kind, at + 0.31)]
    return told


@pytest.mark.parametrize("agents", [1, 2])
def test_of_retries_that_follow_at_once(
    agents: int, signal: Build, monitor: Build, fold: Fold, counts: Counts
) -> None:
    told = quick_retries(signal, monitor)
    copies = [replace(each, id=EventId(each.id[::-1]), occurred_at=each.occurred_at + 20_000)
              for each in told if each.data["worker"]]  # fmt: skip
    events = told + copies * (agents - 1)

    for seed in range(20):
        random.Random(seed).shuffle(events)
        task = fold(*events)
        assert [each.outcome for each in task.attempts] == 3 * [Rank.RETRIED] + [Rank.FAILED]
        assert all(each.runtime_us == 300_000 for each in task.attempts)
        counted = counts(*events)
        assert [counted[kind] for kind in ("started", "retried", "failed")] == [4, 3, 1]


@pytest.mark.parametrize("gap", [5, 600])
def test_run_of_a_worker_without_agent_counts(
    gap: float, signal: Build, monitor: Build, fold: Fold
) -> None:
    """Only the monitor tells of it."""
    copies = copy_of_declined(monitor, 3)
    elsewhere = copy_of_declined(monitor, 3 + gap, worker="w2@h")
    events = [*declined(signal), *copies, *elsewhere]

    for _ in range(20):
        random.Random(gap).shuffle(events)
        assert fold(*events).attempt_count == 2


def test_redelivered_to_a_worker_without_agent(signal: Build, monitor: Build, fold: Fold) -> None:
    task = fold(
        signal("received", 0),
        signal("started", 1),
        monitor("started", 2),
        monitor("started", 600, worker="w2@h"),
        monitor("succeeded", 601, worker="w2@h", result="'done'"),
    )

    assert (task.state, task.attempt_count) == (TaskState.SUCCEEDED, 2)
    assert task.field("result") == "'done'"


def test_runs_on_two_solo_workers(signal: Build, monitor: Build, fold: Fold) -> None:
    """The first one's copies are read only after the second one's."""
    second = [signal("received", 60), signal("started", 61), signal("failed", 61.1)]

    task = fold(
        *declined(signal),
        *second,
        *copy_of_declined(monitor, 65, worker="w2@h"),
        *copy_of_declined(monitor, 70, worker="w1@h"),
    )

    assert (task.state, task.attempt_count) == (TaskState.FAILED, 2)


def test_runs_that_only_the_monitor_tells_of(monitor: Build, fold: Fold) -> None:
    events = [event for at in (0, 30, 60) for event in copy_of_declined(monitor, at)]

    assert fold(*events).attempt_count == 3


def test_end_told_by_preforks_main_process(signal: Build, monitor: Build, fold: Fold) -> None:
    """It tells of a time limit itself; how the next run ends, only the monitor tells."""
    said = {"exception": "TimeLimitExceeded", "exception_message": "300"}
    over = [
        signal("received", 0),
        monitor("started", 1),
        signal("failed", 301, **said),
        monitor("failed", 320, exception="TimeLimitExceeded", exception_message="Time…(300,)"),
    ]
    again = [signal("received", 400), *copy_of_declined(monitor, 401)]

    first, both = fold(*over), fold(*over, *again)

    assert (first.attempt_count, first.field("exception_message")) == (1, "300")
    assert (both.attempt_count, both.field("exception")) == (2, "ValueError")


def test_task_stored_when_marks_did_not_tell_the_node(
    signal: Build, monitor: Build, fold: Fold
) -> None:
    told = declined(signal)
    document = fold(*told).to_document()
    document["m"] = [*document["m"], (told[1].occurred_at + SECOND // 2, Rank.STARTED, 1, -1)]
    document["r"]["exception_message"] = [told[2].occurred_at, 1, "ValueError('card declined')"]
    task = Task.from_document(fold(*told).key, document)

    assert task.attempt_count == 1
    fold_events(copy_of_declined(monitor, 6), {task.key: task})

    assert (task.state, task.field("exception")) == (TaskState.FAILED, "ValueError")
