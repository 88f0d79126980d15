"""The condition of a worker: latest values, and losses that only rise (§7.2)."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

from taskdeck.domain.health import HealthReport, LossCounters
from taskdeck.domain.ids import AgentId, ProjectId, WorkerSlot
from taskdeck.domain.projections.worker_health import MOST_BUFFERS, WorkerHealth


def report(at: int, loss: LossCounters | None = None, **values: Any) -> HealthReport:
    slot = WorkerSlot(AgentId("a"), "w")
    return HealthReport(project_id=ProjectId("p"), slot=slot, at=at, loss=loss, **values)


def loss(buffer: str = "b", runtime: str = "r", events: int = 0, **adapters: int) -> LossCounters:
    return LossCounters(
        buffer_id=buffer,
        runtime_id=runtime,
        buffer_totals={"event_records": events, "capacity_evicted_frames": events},
        adapter_events=adapters,
    )


def folded(*reports: HealthReport) -> WorkerHealth:
    health = WorkerHealth()
    for each in reports:
        health.fold(each)
    return health


def test_latest_values_stand() -> None:
    reports = (
        report(1, buffer_depth=5, adapters={"celery.broker_type": "redis"}),
        report(2, buffer_depth=7, node="w1@h"),
        report(3, connection_failures=2),
    )

    health = folded(*reports)

    assert (health.at, health.buffer_depth, health.node) == (3, 7, "w1@h")
    assert health.connection_failures == 2
    assert health.adapters == {"celery.broker_type": "redis"}, "a report may leave it out"


def test_late_report_changes_no_value() -> None:
    health = folded(report(5, buffer_depth=7), report(4, buffer_depth=900))

    assert (health.at, health.buffer_depth) == (5, 7)


def test_zero_is_a_value() -> None:
    assert folded(report(1, buffer_depth=7), report(2, buffer_depth=0)).buffer_depth == 0


def test_losses_are_maxima_in_any_order() -> None:
    reports = (
        report(1, loss(events=3, celery=2)),
        report(2, loss(events=5, celery=2)),
        report(3, loss(events=4, celery=9)),
        report(4),
    )

    for order in permutations(reports):
        assert folded(*order, *order).lost_events == 5 + 9


def test_new_runtime_starts_again_and_the_buffer_goes_on() -> None:
    health = folded(
        report(1, loss("b", "r1", events=3, celery=2)),
        report(2, loss("b", "r2", events=4, celery=1)),
    )

    assert health.lost_events == 4 + 2 + 1
    assert health.buffer_losses == {"b": {"event_records": 4, "capacity_evicted_frames": 4}}


def test_adopted_buffer_is_counted_beside_its_own() -> None:
    health = folded(report(1, loss("mine", events=3)), report(2, loss("adopted", events=4)))

    assert health.lost_events == 7


def test_reasons_are_not_added_to_what_was_lost() -> None:
    """Reason and content counters count the same losses."""
    assert folded(report(1, loss(events=3))).lost_events == 3


def test_nothing_was_lost() -> None:
    assert WorkerHealth().lost_events == folded(report(1)).lost_events == 0


def test_buffers_long_gone_are_forgotten() -> None:
    health = folded(*(report(at, loss(f"b{at}", f"r{at}", events=1, rq=1)) for at in range(100)))

    assert list(health.buffer_losses) == [f"b{at}" for at in range(100 - MOST_BUFFERS, 100)]
    assert list(health.adapter_losses) == [f"r{at}" for at in range(100 - MOST_BUFFERS, 100)]


def test_buffer_in_use_is_not_forgotten() -> None:
    health = WorkerHealth()
    for at in range(100):
        health.fold(report(at, loss("mine", "r", events=at)))
        health.fold(report(at, loss(f"adopted{at}", "r")))

    assert health.buffer_losses["mine"]["event_records"] == 99


def test_health_survives_its_document() -> None:
    health = folded(
        report(1, loss(events=3, celery=2), adapters={"a": "b"}, last_flush_at=9, dropped_events=1)
    )

    copy = WorkerHealth.from_document(json.loads(json.dumps(health.to_document())))

    assert copy == health
    assert copy.lost_events == health.lost_events
