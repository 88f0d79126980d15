"""What `render_fleet` answers."""

from __future__ import annotations

from ...domain.attention import AttentionKind
from .schema import (
    FLAG,
    NUMBER,
    TEXT,
    TIME,
    WHOLE,
    Schema,
    list_of,
    map_of,
    nullable,
    object_of,
    one_of,
)
from .schema_tasks import TASK

OVERVIEW = object_of(
    "Overview",
    throughput_per_second=NUMBER,
    failure_share=nullable(NUMBER),
    run_p95_ms=nullable(NUMBER),
    wait_p95_ms=nullable(NUMBER),
    backlog=nullable(WHOLE),
    backlog_growth_per_minute=nullable(NUMBER),
    workers=object_of(online=WHOLE, busy=WHOLE, losing=WHOLE, gone=WHOLE),
    attention=list_of(object_of("Attention", kind=one_of(AttentionKind), text=TEXT, link=TEXT)),
)
_HELLO: dict[str, Schema] = {
    "host": TEXT,
    "pid": nullable(WHOLE),
    "role": nullable(TEXT),
    "started_at": nullable(TIME),
    "agent_version": TEXT,
    "framework": TEXT,
    "engines": list_of(TEXT),
    "schedulers": list_of(TEXT),
    "capabilities": map_of(list_of(TEXT)),
}
HEALTH = object_of(
    "WorkerHealth",
    at=TIME,
    node=nullable(TEXT),
    buffer_depth=nullable(WHOLE),
    dropped_events=nullable(WHOLE),
    lost_events=WHOLE,
    last_flush_at=nullable(TIME),
    connection_failures=nullable(WHOLE),
    adapters=nullable(map_of(TEXT)),
    buffer_losses=map_of(map_of(WHOLE)),
    adapter_losses=map_of(map_of(WHOLE)),
)
WORKER = object_of(
    "Worker",
    optional=_HELLO,
    agent_id=TEXT,
    worker_id=TEXT,
    online=FLAG,
    deployment=TEXT,
    session_id=nullable(TEXT),
    connected_at=nullable(TIME),
    disconnected_at=nullable(TIME),
    disconnect_reason=nullable(TEXT),
    health=nullable(HEALTH),
    running=list_of(TASK),
)
FLEET = object_of(
    "Fleet",
    online=WHOLE,
    losing=WHOLE,
    gone=WHOLE,
    deployments=list_of(object_of(name=TEXT, online=WHOLE)),
)
QUEUE_MINUTE = object_of(
    "QueueMinute",
    at=TIME,
    received=WHOLE,
    started=WHOLE,
    ended=WHOLE,
    depth=nullable(WHOLE),
    depth_max=nullable(WHOLE),
)
QUEUE = object_of(
    "Queue",
    engine=TEXT,
    queue=TEXT,
    depth=nullable(WHOLE),
    depth_at=nullable(TIME),
    depth_age_seconds=nullable(NUMBER),
    oldest_waiting_at=nullable(TIME),
    oldest_waiting_seconds=nullable(NUMBER),
    received_per_minute=NUMBER,
    started_per_minute=NUMBER,
    ended_per_minute=NUMBER,
    minutes=list_of(QUEUE_MINUTE),
)
PERCENTILES = object_of(
    "Percentiles", p50=nullable(NUMBER), p95=nullable(NUMBER), p99=nullable(NUMBER)
)
_WINDOW: dict[str, Schema] = {
    "counts": map_of(WHOLE),
    "run_ms": PERCENTILES,
    "wait_ms": PERCENTILES,
    "run_total_ms": nullable(NUMBER),
}
STATISTICS = object_of(
    "Statistics",
    since=TIME,
    until=TIME,
    step_seconds=WHOLE,
    total=object_of("Window", **_WINDOW),
    tasks=list_of(object_of("NamedWindow", engine=TEXT, name=nullable(TEXT), **_WINDOW)),
    points=list_of(object_of("Point", at=TIME, **_WINDOW)),
)

_PLACE = object_of(
    "Place",
    name=nullable(TEXT),
    runs=WHOLE,
    failed=WHOLE,
    run_ms=PERCENTILES,
    wait_ms=PERCENTILES,
)
RUNS = object_of(
    "RecentRuns",
    runs=WHOLE,
    since=nullable(TIME),
    queues=list_of(_PLACE),
    workers=list_of(_PLACE),
)
