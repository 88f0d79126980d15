"""Where the latest tasks of a name ran, and how that went."""

from __future__ import annotations

from typing import Any

import pytest

from taskdeck.domain.instants import SECOND
from taskdeck.domain.projections.folding import fold_events
from taskdeck.domain.projections.tasks import Task
from taskdeck.domain.recent_runs import oversee_runs

from ...builders import NOW, event, run_of


def ran(task_id: str, *, ms: int = 1_000, outcome: str = "succeeded", **said: Any) -> Task:
    story = run_of(task_id, outcome=outcome, runtime_ms=ms, **said)
    (task,) = fold_events(story, {}).tasks
    return task


def test_queues_and_workers_are_told_apart() -> None:
    tasks = [ran(f"a{n}", queue="mail", worker="w1") for n in range(3)]
    tasks += [ran("b1", queue="slow", worker="w1", ms=60_000, outcome="failed")]

    found = oversee_runs(tasks)

    mail, slow = found.queues
    assert (found.runs, mail.name, mail.runs, mail.failed) == (4, "mail", 3, 0)
    assert (slow.name, slow.runs, slow.failed) == ("slow", 1, 1)
    assert mail.run.p95 == pytest.approx(1_000_000, rel=0.02)
    assert slow.run.p50 == pytest.approx(60_000_000, rel=0.02)
    assert mail.wait.p50 == pytest.approx(SECOND, rel=0.02)
    assert [(each.name, each.runs, each.failed) for each in found.workers] == [("w1", 4, 1)]
    assert found.since == NOW + 3 * SECOND


def test_only_what_has_ended_counts() -> None:
    running = Task(ran("t1").key)
    running.fold(event("task.started", "t1", queue="mail"))

    found = oversee_runs([running])

    assert (found.runs, found.since, found.queues, found.workers) == (0, None, (), ())


def test_runs_that_do_not_say_where() -> None:
    (place,) = oversee_runs([ran("t1")]).workers
    assert (place.name, place.runs) == (None, 1)
