"""Histories that no engine tells but an agent could: they cost little and make batches no matter."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence

import pytest

from taskdeck.domain.events import Event
from taskdeck.domain.fields import MAX_NAME
from taskdeck.domain.projections.folding import fold_events
from taskdeck.domain.projections.statistics import MinuteStatistics, StatisticsKey
from taskdeck.domain.projections.task_fields import MAX_VALUE
from taskdeck.domain.projections.tasks import MOST_MARKS, Task, TaskState

Build = Callable[..., Event]
Fold = Callable[..., Task]
Views = tuple[dict[str, object], dict[StatisticsKey, dict[str, object]]]


def views_of(story: Sequence[Event], size: int) -> Views:
    """The task and its statistics, folded in batches of this size."""
    task: Task | None = None
    rows: dict[StatisticsKey, MinuteStatistics] = {}
    for start in range(0, len(story), size):
        changes = fold_events(story[start : start + size], {} if task is None else {task.key: task})
        task = changes.tasks[0] if changes.tasks else task
        for key, row in changes.statistics.items():
            rows.setdefault(key, MinuteStatistics(key)).add(row)
    if task is None:
        return {}, {}
    return task.to_document(), {
        key: row.to_document() for key, row in rows.items() if not row.is_empty
    }


def retries_of_celery(signal: Build, monitor: Build) -> Iterable[Event]:
    """Twelve attempts a minute apart, copied by three agents: more marks than are kept."""
    for attempt in range(12):
        at = 60 * attempt
        yield signal("received", at)
        for agent in range(3):
            yield monitor("started", at + 1 + agent / 1_000)
            yield monitor("retried" if attempt < 11 else "succeeded", at + 3 + agent / 1_000)


@pytest.mark.timeout(20)
def test_thousands_of_events_of_one_task_are_folded_at_once(monitor: Build, fold: Fold) -> None:
    task = fold(*(monitor("received", 3 * number) for number in range(5_000)))

    assert len(task.marks) <= MOST_MARKS
    assert task.state is TaskState.RECEIVED


@pytest.mark.parametrize("late", [0, 5, 30])
def test_batches_make_no_difference_to_a_long_history(
    late: int, signal: Build, monitor: Build
) -> None:
    story = list(retries_of_celery(signal, monitor))
    chance = random.Random(late)
    away = chance.sample(story, late)
    arrived = [event for event in story if event not in away] + away

    one_by_one = views_of(arrived, 1)

    for size in (2, 7, 50, len(arrived)):
        assert views_of(arrived, size) == one_by_one


def test_a_late_event_still_tells_when_the_task_was_first_seen(
    event: Build, signal: Build, monitor: Build, fold: Fold
) -> None:
    story = list(retries_of_celery(signal, monitor))
    first = signal("sent", -5, queue="slow", priority=9)

    task = fold(*story, first)

    assert task.first_seen_at == first.occurred_at
    assert task.field("priority") == 9


def test_names_are_cut_and_hold_no_nul(event: Build, fold: Fold) -> None:
    task = fold(event("started", 0, task_name="a\0" + "x" * 500, queue="q\0", worker="w\0" * 300))

    assert task.name == ("a\ufffd" + "x" * 500)[:MAX_NAME]
    assert task.field("queue") == "q\ufffd"
    assert len(task.field("worker")) == MAX_NAME


def test_huge_values_stay_in_the_log(event: Build, fold: Fold) -> None:
    task = fold(event("received", 0, args=["x" * MAX_VALUE], kwargs={"small": 1}))

    assert task.field("args") == f"<{MAX_VALUE + 4} bytes, see the events of the task>"
    assert task.field("kwargs") == {"small": 1}


@pytest.mark.parametrize("depth", [2**63, 2**53, 1.5, True, "7", None])
def test_a_depth_that_is_none_is_ignored(depth: object, event: Build) -> None:
    report = event("queue.depth_report", 0, task_id="", queue="q", depth=depth)

    assert fold_events([report], {}).queues == {}


def test_a_running_attempt_shows_nothing_of_the_one_before(event: Build, fold: Fold) -> None:
    failed = event("failed", 2, exception="KeyError", traceback="Traceback …", reason="first")
    again = event("started", 60)
    story = [event("started", 1), failed, again]

    assert fold(*story).state is TaskState.STARTED
    for name in ("exception", "traceback", "reason"):
        assert fold(*story).field(name) is None

    task = fold(*story, event("failed", 61, exception="ValueError"))
    assert (task.field("exception"), task.field("traceback")) == ("ValueError", None)
