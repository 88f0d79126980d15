"""Workers, queues and statistics as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...domain.fleet import Fleet
from ...domain.instants import SECOND, Instant
from ...domain.overview import (
    NamedStatistics,
    QueueOverview,
    StatisticsOverview,
    WorkerOverview,
    WorkersOverview,
)
from ...domain.project_overview import ProjectOverview
from ...domain.projections.queues import QueueMinute
from ...domain.projections.statistics import Percentiles, WindowStatistics
from ...domain.projections.tasks import TaskKey
from ...domain.projections.worker_health import WorkerHealth
from ...domain.recent_runs import Place, RecentRuns
from ...domain.sessions import Hello
from .render import milliseconds, time
from .render_tasks import render_tasks


def render_overview(overview: ProjectOverview) -> dict[str, Any]:
    return {
        "throughput_per_second": overview.throughput_per_second,
        "failure_share": overview.failure_share,
        "run_p95_ms": milliseconds(overview.run_p95_us),
        "wait_p95_ms": milliseconds(overview.wait_p95_us),
        "backlog": overview.backlog,
        "backlog_growth_per_minute": overview.backlog_growth_per_minute,
        "workers": {
            "online": overview.fleet.online,
            "busy": overview.busy,
            "losing": overview.fleet.losing,
            "gone": overview.fleet.gone,
        },
        "attention": [
            {"kind": each.kind.value, "text": each.text, "link": each.link}
            for each in overview.attention
        ],
    }


def render_workers(overview: WorkersOverview, lost: Mapping[TaskKey, Instant]) -> dict[str, Any]:
    return {
        "workers": [_worker(worker, lost) for worker in overview.workers],
        "fleet": _fleet(overview.fleet),
        "running_elsewhere": render_tasks(overview.elsewhere, lost),
        "next_cursor": overview.next_cursor,
    }


def _fleet(fleet: Fleet) -> dict[str, Any]:
    return {
        "online": fleet.online,
        "losing": fleet.losing,
        "gone": fleet.gone,
        "deployments": [{"name": each.name, "online": each.online} for each in fleet.deployments],
    }


def _worker(overview: WorkerOverview, lost: Mapping[TaskKey, Instant]) -> dict[str, Any]:
    worker = overview.worker
    return {
        "agent_id": worker.slot.agent_id,
        "worker_id": worker.slot.worker_id,
        "online": worker.online,
        "deployment": worker.deployment,
        "session_id": worker.session_id,
        "connected_at": time(worker.opened_at if worker.session_id else None),
        "disconnected_at": time(worker.closed_at),
        "disconnect_reason": worker.close_reason,
        **_hello(worker.hello),
        "health": None if worker.health is None else _health(worker.health),
        "running": render_tasks(overview.running, lost),
    }


def _hello(hello: Hello | None) -> dict[str, Any]:
    if hello is None:
        return {}
    return {
        "host": hello.host_name,
        "pid": hello.worker_pid,
        "role": hello.worker_role,
        "started_at": time(hello.worker_started_at),
        "agent_version": hello.agent_version,
        "framework": hello.framework,
        "engines": list(hello.engines),
        "schedulers": list(hello.schedulers),
        "capabilities": {name: sorted(of) for name, of in hello.capabilities.items()},
    }


def _health(health: WorkerHealth) -> dict[str, Any]:
    return {
        "at": time(health.at),
        "node": health.node,
        "buffer_depth": health.buffer_depth,
        "dropped_events": health.dropped_events,
        "lost_events": health.lost_events,
        "last_flush_at": time(health.last_flush_at),
        "connection_failures": health.connection_failures,
        "adapters": health.adapters,
        "buffer_losses": health.buffer_losses,
        "adapter_losses": health.adapter_losses,
    }


def render_queue(overview: QueueOverview, *, now: Instant) -> dict[str, Any]:
    queue, oldest = overview.queue, overview.oldest_waiting_at
    measured = queue.depth is not None
    return {
        "engine": queue.key.engine,
        "queue": queue.key.queue,
        "depth": queue.depth,
        "depth_at": time(queue.depth_at if measured else None),
        "depth_age_seconds": _age(queue.depth_at if measured else None, now),
        "oldest_waiting_at": time(oldest),
        "oldest_waiting_seconds": _age(oldest, now),
        "received_per_minute": overview.received_per_minute,
        "started_per_minute": overview.started_per_minute,
        "ended_per_minute": overview.ended_per_minute,
        "minutes": [_queue_minute(row) for row in overview.minutes],
    }


def _queue_minute(row: QueueMinute) -> dict[str, Any]:
    return {
        "at": time(row.key.minute),
        "received": row.received,
        "started": row.started,
        "ended": row.ended,
        "depth": row.depth,
        "depth_max": row.depth_max,
    }


def _age(at: Instant | None, now: Instant) -> float | None:
    return None if at is None else round(max(0, now - at) / SECOND, 1)


def render_statistics(overview: StatisticsOverview) -> dict[str, Any]:
    return {
        "since": time(overview.since),
        "until": time(overview.until),
        "step_seconds": overview.step // SECOND,
        "total": _window(overview.total),
        "tasks": [_named(task) for task in overview.tasks],
        "points": [{"at": time(at), **_window(window)} for at, window in overview.points],
    }


def render_runs(runs: RecentRuns) -> dict[str, Any]:
    return {
        "runs": runs.runs,
        "since": time(runs.since),
        "queues": [_place(place) for place in runs.queues],
        "workers": [_place(place) for place in runs.workers],
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "runs": place.runs,
        "failed": place.failed,
        "run_ms": _percentiles(place.run),
        "wait_ms": _percentiles(place.wait),
    }


def _named(task: NamedStatistics) -> dict[str, Any]:
    return {"engine": task.engine, "name": task.name or None, **_window(task.window)}


def _window(window: WindowStatistics) -> dict[str, Any]:
    return {
        "counts": dict(window.counts),
        "run_ms": _percentiles(window.run),
        "wait_ms": _percentiles(window.wait),
        "run_total_ms": milliseconds(window.run_total_us),
    }


def _percentiles(of: Percentiles) -> dict[str, float | None]:
    return {name: milliseconds(getattr(of, name)) for name in ("p50", "p95", "p99")}
