from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from taskdeck.adapters.prometheus.metrics import PrometheusMetrics
from taskdeck.adapters.prometheus.places import OTHER, SILENT_SECONDS, Places
from taskdeck.domain.notices import Notice, Severity
from taskdeck.domain.projections.folding import fold_events
from taskdeck.domain.projections.tally import QueueName, Tally
from taskdeck.domain.projections.tasks import Task, TaskKey
from taskdeck.ports.event_store import Appended

from ...builders import NOW, event, run_of
from .exposition import families, samples

DOCS = Path(__file__).parents[3] / "docs"
DASHBOARD = DOCS / "grafana" / "taskdeck.json"


@pytest.fixture
def metrics() -> PrometheusMetrics:
    return PrometheusMetrics(version="1.2.3", most_names=2)


def tally_of(*events: Any, tasks: dict[TaskKey, Task] | None = None) -> Tally:
    return fold_events(events, tasks or {}).tally()


def store(metrics: PrometheusMetrics, tally: Tally) -> None:
    metrics.stored(Appended(1, 0, tally), seconds=0.01)


def test_events_by_what_became_of_them(metrics: PrometheusMetrics) -> None:
    metrics.stored(Appended(7, 2), seconds=0.004)
    metrics.acknowledged(5, 1)
    counted = samples(metrics, "taskdeck_ingest_events_total")
    assert counted == {("stored",): 7, ("duplicate",): 2, ("rejected",): 1}
    assert samples(metrics, "taskdeck_ingest_acks_total") == {(): 5}
    assert samples(metrics, "taskdeck_ingest_commit_seconds_count") == {(): 1}


def test_tasks_by_name_and_queue(metrics: PrometheusMetrics) -> None:
    store(metrics, tally_of(*run_of("t1", queue="mail"), *run_of("t2", outcome="failed")))
    counted = samples(metrics, "taskdeck_tasks_total")
    assert counted["huey", "shop.pay", "received"] == 2
    assert counted["huey", "shop.pay", "succeeded"] == 1
    assert counted["huey", "shop.pay", "failed"] == 1
    assert samples(metrics, "taskdeck_queue_tasks_total") == {
        ("huey", "mail", "received"): 1,
        ("huey", "mail", "started"): 1,
        ("huey", "mail", "ended"): 1,
    }
    assert samples(metrics, "taskdeck_task_run_seconds_count") == {("huey", "shop.pay"): 2}
    (total,) = samples(metrics, "taskdeck_task_run_seconds_sum").values()
    assert total == pytest.approx(4, rel=0.01)
    runs = samples(metrics, "taskdeck_task_run_seconds_bucket")
    assert runs["huey", "1.0", "shop.pay"] == 0
    assert runs["huey", "2.5", "shop.pay"] == 2
    waits = samples(metrics, "taskdeck_task_wait_seconds_bucket")
    assert waits["huey", "2.5", "shop.pay"] == 2


def test_a_counter_never_falls(metrics: PrometheusMetrics) -> None:
    """A task that gets its name later was counted without one: the next such task makes up for it."""
    nameless = event("task.received", "t1", queue="mail")
    store(metrics, tally_of(nameless))
    stored: dict[TaskKey, Task] = {}
    for task in fold_events([nameless], {}).tasks:
        stored[task.key] = task
    store(
        metrics,
        tally_of(event("task.started", "t1", task_name="shop.pay", at=NOW + 1), tasks=stored),
    )
    unknown = ("huey", "unknown", "received")
    counted = samples(metrics, "taskdeck_tasks_total")
    assert counted["huey", "shop.pay", "received"] == 1
    assert counted[unknown] == 1
    store(metrics, tally_of(event("task.received", "t2")))
    assert samples(metrics, "taskdeck_tasks_total")[unknown] == 1
    store(metrics, tally_of(event("task.received", "t3")))
    assert samples(metrics, "taskdeck_tasks_total")[unknown] == 2


def test_names_are_bounded(metrics: PrometheusMetrics) -> None:
    for number in range(50):
        store(
            metrics, tally_of(*run_of(f"t{number}", task_name=f"task_{number}", queue=f"q{number}"))
        )
    counted = samples(metrics, "taskdeck_tasks_total")
    assert {name for _, name, _ in counted} == {"task_0", "task_1", OTHER}
    assert counted[OTHER, OTHER, "succeeded"] == 48
    queues = samples(metrics, "taskdeck_queue_tasks_total")
    assert {queue for _, queue, _ in queues} == {"q0", "q1", OTHER}


def test_a_place_that_was_silent_for_a_day_may_be_taken() -> None:
    left: list[tuple[str, str]] = []
    hours: Iterator[float] = iter([0.0, 1.0, SILENT_SECONDS, SILENT_SECONDS + 1])
    places = Places(1, left=left.append, monotonic=lambda: next(hours))
    assert places.of(("a", "old")) == ("a", "old")
    assert places.of(("a", "new")) == (OTHER, OTHER)
    assert places.of(("a", "new")) == ("a", "new")
    assert left == [("a", "old")]
    assert places.of(("a", "old")) == (OTHER, OTHER)


def test_the_deepest_queues_have_names(metrics: PrometheusMetrics) -> None:
    depths = {
        QueueName("rq", name): depth for name, depth in (("a", 1), ("b", 9), ("c", 5), ("d", 2))
    }
    assert samples(metrics, "taskdeck_queue_depth_messages", depths=depths) == {
        ("rq", "b"): 9, ("rq", "c"): 5, (OTHER, OTHER): 3,
    }  # fmt: skip


def test_refused_frames_are_counted_by_reason(metrics: PrometheusMetrics) -> None:
    metrics.told(Notice(Severity.WARNING, "frame.refused.hmac", "…"))
    metrics.refused(4401)
    assert samples(metrics, "taskdeck_notices_total") == {("frame.refused.hmac", "warning"): 1}
    assert samples(metrics, "taskdeck_handshakes_refused_total") == {("4401",): 1}


def test_the_documentation_lists_every_metric_and_no_other(metrics: PrometheusMetrics) -> None:
    listed = re.findall(r"^\| `(taskdeck_\w+)`", (DOCS / "metrics.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(families(metrics))


def test_the_dashboard_asks_for_metrics_that_exist(metrics: PrometheusMetrics) -> None:
    board = json.loads(DASHBOARD.read_text())
    asked = {
        name
        for panel in board["panels"]
        for target in panel.get("targets", ())
        for name in re.findall(r"taskdeck_\w+", target["expr"])
    }
    known = families(metrics)
    parts = {f"{name}_{part}" for name in known for part in ("bucket", "sum", "count")}
    assert len(asked) > 15
    assert asked <= known | parts
