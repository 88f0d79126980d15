"""Attempts: what belongs together, what reopens a task, and how long a history is kept (§6.5)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from taskdeck.domain.events import Event
from taskdeck.domain.instants import SECOND
from taskdeck.domain.projections.folding import fold_events
from taskdeck.domain.projections.statistics import summarise
from taskdeck.domain.projections.tasks import MOST_MARKS, Task, TaskState

Build = Callable[..., Event]
Fold = Callable[..., Task]
Counts = Callable[..., dict[str, int]]
TERMINAL = ("succeeded", "failed", "revoked", "rejected")


@pytest.mark.parametrize("kind", [
    "sent", "received", "started", "retried", "succeeded", "failed", "revoked", "rejected",
])  # fmt: skip
def test_one_event_makes_a_task(kind: str, event: Build, fold: Fold, start: int) -> None:
    task = fold(event(kind, 3))

    assert (task.state, task.attempt_count) == (TaskState(kind), 1)
    assert task.first_seen_at == task.last_event_at == start + 3 * SECOND


def test_any_order_of_arrival(event: Build, fold: Fold, start: int) -> None:
    events = (
        event("sent", 0),
        event("received", 1),
        event("started", 2),
        event("succeeded", 5, runtime_ms=2_500.5),
    )

    for order in permutations(events):
        task = fold(*order)
        assert (task.state, task.attempt_count) == (TaskState.SUCCEEDED, 1)
        (attempt,) = task.attempts
        assert (attempt.wait_us, attempt.runtime_us) == (SECOND, 2_500_500)
        assert (task.first_seen_at, task.last_event_at) == (start, start + 5 * SECOND)


@pytest.mark.parametrize("runtime", [None, -1, "1", float("1e300"), []])
def test_runtime_that_makes_no_sense_is_measured(runtime: object, event: Build, fold: Fold) -> None:
    task = fold(event("started", 0), event("succeeded", 2, runtime_ms=runtime))

    assert task.attempts[0].runtime_us == 2 * SECOND


@pytest.mark.parametrize("terminal", TERMINAL)
@pytest.mark.parametrize("late", [0.001, 0.5, 2])
def test_late_receipt_does_not_reopen(terminal: str, late: float, event: Build, fold: Fold) -> None:
    """Another process's clock, or a replayed buffer."""
    events = (event("started", 0), event(terminal, 10), event("received", 10 + late))

    for order in permutations(events):
        task = fold(*order)
        assert (task.state, task.attempt_count) == (TaskState(terminal), 1)


@pytest.mark.parametrize("terminal", TERMINAL)
@pytest.mark.parametrize("kind", ["received", "started"])
def test_clearly_newer_reopens(terminal: str, kind: str, event: Build, fold: Fold) -> None:
    events = (event("started", 0), event(terminal, 10), event(kind, 13))

    for order in permutations(events):
        task = fold(*order)
        assert (task.state, task.attempt_count) == (TaskState(kind), 2)


def test_started_again_without_an_end(event: Build, fold: Fold, counts: Counts) -> None:
    """Redelivered after its worker was lost."""
    events = (event("started", 0), event("started", 600), event("succeeded", 601))

    task = fold(*events)

    assert (task.state, task.attempt_count) == (TaskState.SUCCEEDED, 2)
    assert counts(*events) == {"started": 2, "succeeded": 1}


def test_ends_whose_starts_are_not_known(event: Build, fold: Fold) -> None:
    """As from an agent that sends ends only: each is an attempt."""
    task = fold(event("failed", 0), event("failed", 60), event("failed", 120))

    assert (task.state, task.attempt_count) == (TaskState.FAILED, 3)


def test_replay_hours_later_changes_nothing(event: Build, fold: Fold) -> None:
    story = [event("received", 0), event("started", 1), event("succeeded", 2)]
    task = fold(*story)
    before = task.to_document()

    changes = fold_events(story, {task.key: task})

    assert (changes.tasks, changes.statistics, changes.queue_minutes) == ([], {}, {})
    assert task.to_document() == before


@pytest.mark.parametrize(("retries", "batch"), [(10_000, 500), (2_000, 7), (500, 1)])
def test_history_of_many_retries_stays_bounded(retries: int, batch: int, event: Build) -> None:
    story = [
        event(kind, 60 * attempt + second, task_name="app.flaky", queue="q")
        for attempt in range(retries)
        for second, kind in enumerate(("received", "started", "retried"))
    ]
    story.append(event("started", 60 * retries, task_name="app.flaky"))
    story.append(event("succeeded", 60 * retries + 1, task_name="app.flaky"))
    task: Task | None = None
    total: dict[str, int] = {}

    for place in range(0, len(story), batch):
        changes = fold_events(
            story[place : place + batch], {} if task is None else {task.key: task}
        )
        (changed,) = changes.tasks
        task = Task.from_document(changed.key, changed.to_document())
        assert len(task.marks) <= MOST_MARKS
        for what, number in summarise(changes.statistics.values()).counts.items():
            total[what] = total.get(what, 0) + number

    assert task is not None
    assert (task.state, task.attempt_count) == (TaskState.SUCCEEDED, retries + 1)
    assert task.first_seen_at == story[0].occurred_at
    assert task.last_event_at == story[-1].occurred_at
    assert {what: number for what, number in total.items() if number} == {
        "received": retries, "started": retries + 1, "retried": retries, "succeeded": 1,
    }  # fmt: skip


@pytest.mark.parametrize("late", [0.3, 7, 13])
@pytest.mark.parametrize("agents", [1, 3])
def test_copies_do_not_disturb_a_long_history(
    agents: int, late: float, signal: Build, monitor: Build
) -> None:
    """One attempt's copies may fall into the next, or into one after it."""
    story = []
    for attempt in range(400):
        at = 6 * attempt
        story += [signal("received", at), signal("started", at + 0.1), signal("retried", at + 0.2)]
        for agent in range(agents):
            lag = late + agent / 4
            story += [monitor("started", at + 0.1 + lag), monitor("retried", at + 0.2 + lag)]
    task: Task | None = None
    total: dict[str, int] = {}

    for one in story:
        changes = fold_events([one], {} if task is None else {task.key: task})
        task = changes.tasks[0] if changes.tasks else task
        for what, number in summarise(changes.statistics.values()).counts.items():
            total[what] = total.get(what, 0) + number

    assert task is not None
    assert len(task.marks) <= MOST_MARKS
    assert task.attempt_count == 400
    assert {what: number for what, number in total.items() if number} == {
        "received": 400, "started": 400, "retried": 400,
    }  # fmt: skip
