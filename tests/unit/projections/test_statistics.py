"""Counts by minute, and percentiles that are right within two percent."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest

from taskdeck.domain.events import Event
from taskdeck.domain.ids import ProjectId
from taskdeck.domain.instants import MINUTE, SECOND
from taskdeck.domain.projections.folding import Changes, fold_events
from taskdeck.domain.projections.histogram import add, bucket_of, quantile, value_of
from taskdeck.domain.projections.statistics import (
    COUNTED,
    MinuteStatistics,
    Percentiles,
    StatisticsKey,
    summarise,
)
from taskdeck.domain.projections.tasks import Task

Build = Callable[..., Event]
DURATIONS = {
    "narrow": lambda chance: chance.gauss(1_000_000, 50_000),
    "long tail": lambda chance: chance.lognormvariate(12, 2),
    "even": lambda chance: chance.uniform(10, 10_000_000),
    "two kinds": lambda chance: chance.choice([1_500, 80_000_000]),
}


def counted(changes: Changes) -> dict[tuple[str, int], dict[str, int]]:
    """(name, minute since the epoch) -> what was counted."""
    return {
        (key.name, key.minute // MINUTE): {what: n for what, n in row.counts.items() if n}
        for key, row in changes.statistics.items()
    }


def test_each_thing_counts_in_its_own_minute(event: Build, start: int) -> None:
    minute = start // MINUTE
    story = [
        event("received", 59, task_name="app.slow"),
        event("started", 61, task_name="app.slow"),
        event("succeeded", 185, task_name="app.slow"),
        event("started", 2, task_id="u", task_name="app.quick"),
        event("failed", 3, task_id="u", task_name="app.quick"),
    ]

    assert counted(fold_events(story, {})) == {
        ("app.slow", minute): {"received": 1},
        ("app.slow", minute + 1): {"started": 1},
        ("app.slow", minute + 3): {"succeeded": 1},
        ("app.quick", minute): {"started": 1, "failed": 1},
    }


def test_durations(event: Build) -> None:
    changes = fold_events(
        [event("received", 0), event("started", 2), event("succeeded", 5, runtime_ms=2_500)], {}
    )

    whole = summarise(changes.statistics.values())

    assert whole.run_total_us == 2_500_000
    assert whole.wait.p50 == pytest.approx(2_000_000, rel=0.02)
    assert whole.run.p50 == whole.run.p99 == pytest.approx(2_500_000, rel=0.02)


def test_nothing_was_counted() -> None:
    whole = summarise([])

    assert whole.counts == dict.fromkeys(COUNTED, 0)
    assert whole.run == whole.wait == Percentiles(None, None, None)


def test_sent_alone_is_not_counted(event: Build) -> None:
    assert fold_events([event("sent", 0)], {}).statistics == {}


def test_name_that_comes_late_moves_what_was_counted(event: Build, start: int) -> None:
    minute = start // MINUTE
    first = fold_events([event("started", 0, task_name="<unknown:t>")], {})
    task = first.tasks[0]

    second = fold_events([event("succeeded", 1, task_name="app.add")], {task.key: task})

    assert counted(first) == {("", minute): {"started": 1}}
    assert counted(second) == {
        ("", minute): {"started": -1}, ("app.add", minute): {"started": 1, "succeeded": 1},
    }  # fmt: skip


def test_correction_takes_back_what_was_counted(event: Build, start: int) -> None:
    """The start arrives after the end: the run time becomes known, the count stays."""
    minute = start // MINUTE
    first = fold_events([event("succeeded", 5)], {})
    task = Task.from_document(first.tasks[0].key, first.tasks[0].to_document())

    second = fold_events([event("started", 2)], {task.key: task})

    assert counted(second) == {("", minute): {"started": 1}}
    (row,) = second.statistics.values()
    assert (row.run_total_us, sum(row.runs.values())) == (3 * SECOND, 1)


def test_rows_add_up_and_away(event: Build) -> None:
    story = [event("received", 0), event("started", 1), event("failed", 3)]
    (row,) = fold_events(story, {}).statistics.values()
    taken = MinuteStatistics(
        row.key,
        {what: -number for what, number in row.counts.items()},
        {bucket: -number for bucket, number in row.runs.items()},
        {bucket: -number for bucket, number in row.waits.items()},
        -row.run_total_us,
    )

    total = MinuteStatistics(row.key)
    total.add(row)
    assert total == row
    total.add(taken)

    assert total.is_empty
    assert (total.runs, total.waits, total.run_total_us) == ({}, {}, 0)


def test_row_survives_its_document(event: Build) -> None:
    (row,) = fold_events([event("received", 0), event("started", 1)], {}).statistics.values()

    copy = MinuteStatistics.from_document(row.key, json.loads(json.dumps(row.to_document())))

    assert copy == row


@pytest.mark.parametrize("kind", DURATIONS)
@pytest.mark.parametrize("count", [1, 2, 10, 10_000])
def test_percentiles_within_two_percent(kind: str, count: int) -> None:
    chance = random.Random(f"{kind}{count}")
    durations = sorted(max(1, int(DURATIONS[kind](chance))) for _ in range(count))
    row = MinuteStatistics(StatisticsKey(ProjectId("p"), "rq", "app.add", 0))
    for duration in durations:
        add(row.runs, {bucket_of(duration): 1})

    found = summarise([row]).run

    for q, value in ((0.50, found.p50), (0.95, found.p95), (0.99, found.p99)):
        exact = durations[int(q * (count - 1))]
        assert value == pytest.approx(exact, rel=0.02)


@pytest.mark.parametrize("microseconds", [1, 2, 999, 10**6, 3 * 10**9, 10**15])
def test_bucket_is_near_its_values(microseconds: int) -> None:
    assert value_of(bucket_of(microseconds)) == pytest.approx(microseconds, rel=0.0101)


def test_buckets_keep_order() -> None:
    buckets = [bucket_of(microseconds) for microseconds in range(5_000)]

    assert buckets == sorted(buckets)
    assert bucket_of(-5) == bucket_of(0) == bucket_of(1) == 0


def test_quantiles_of_odd_histograms() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({7: 0}, 0.5) is None
    assert quantile({7: -1}, 0.5) is None
    assert quantile({3: 1, 900: 1}, 1.0) == value_of(900)
