"""Health out of heartbeat and agent_status frames (agent-protocol.md §7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .canonical import FastCodec
from .events import MAX_ENGINE
from .fields import count, instant, mapping, storable
from .health import HealthReport, LossCounters
from .instants import Instant
from .sessions import LiveSession

MAX_ADAPTER_ENTRIES = 256
MAX_ADAPTER_TEXT = 512
MAX_QUEUES = 1_000
MAX_NAME = 200
_DEPTHS = ".queue_depths"
_DETAILS = "celery.worker_details"
_TOTALS = (
    "capacity_evicted_frames",
    "content_rejected_frames",
    "event_records",
    "command_results",
    "other_frames",
    "unclassified_frames",
)


def parse_heartbeat(
    payload: Mapping[str, Any], live: LiveSession, now: Instant, codec: FastCodec
) -> HealthReport:
    """Raises ValueError when the payload is not of the form of §4."""
    adapters = mapping(payload, "adapter_health", MAX_ADAPTER_ENTRIES)
    node, pool = _own_node(adapters.get(_DETAILS), live.hello.worker_pid, codec)
    return HealthReport(
        project_id=live.project_id,
        slot=live.slot,
        at=now,
        buffer_depth=count(payload.get("buffer_size")),
        dropped_events=count(payload.get("dropped_events")),
        last_flush_at=instant(payload.get("last_flush_at")),
        loss=_loss(payload.get("telemetry_loss")),
        adapters={**_plain(adapters), **pool},
        queue_depths=_queue_depths(adapters, codec),
        node=node,
    )


def parse_agent_status(payload: Mapping[str, Any], live: LiveSession, now: Instant) -> HealthReport:
    return HealthReport(
        project_id=live.project_id,
        slot=live.slot,
        at=now,
        buffer_depth=count(payload.get("buffer_depth")),
        loss=_loss(payload.get("telemetry_loss")),
        connection_failures=count(payload.get("connection_failure_streak")),
    )


def _loss(value: Any) -> LossCounters | None:
    if not isinstance(value, dict):
        return None
    buffer_id, runtime_id = value.get("buffer_id"), value.get("runtime_id")
    if not isinstance(buffer_id, str) or not isinstance(runtime_id, str):
        return None
    adapters = mapping(value, "adapter_events", 32)
    return LossCounters(
        buffer_id=storable(buffer_id[:64]),
        runtime_id=storable(runtime_id[:64]),
        buffer_totals={name: count(value.get(name)) or 0 for name in _TOTALS},
        adapter_events={
            storable(name[:MAX_ENGINE]): count(lost) or 0 for name, lost in adapters.items()
        },
    )


def _plain(adapters: Mapping[str, Any]) -> dict[str, str]:
    """Short texts as they are; the two large ones have a home of their own."""
    return {
        _name(name): storable(value[:MAX_ADAPTER_TEXT])
        for name, value in adapters.items()
        if isinstance(value, str) and not name.endswith(_DEPTHS) and name != _DETAILS
    }


def _queue_depths(
    adapters: Mapping[str, Any], codec: FastCodec
) -> dict[str, dict[str, int]] | None:
    """engine -> queue -> depth, or None when no engine measured."""
    measured = {}
    room = MAX_QUEUES
    for name, value in adapters.items():
        engine = name.removesuffix(_DEPTHS)
        depths = _json_object(value, codec) if engine != name else None
        if depths is None or len(depths) > room or len(engine) > MAX_ENGINE:
            continue
        room -= len(depths)
        measured[storable(engine)] = {
            storable(queue): depth
            for queue, depth in depths.items()
            if len(queue) <= MAX_NAME and count(depth) is not None
        }
    return measured or None


def _own_node(details: Any, pid: int | None, codec: FastCodec) -> tuple[str | None, dict[str, str]]:
    """The Celery node that is this very process, and its pool; details cover all nodes (§7.1).

    Containers share pids: when two nodes have ours, neither is taken for this process.
    """
    if pid is None or not isinstance(details, str) or str(pid) not in details:
        return None, {}
    found = [
        (node, stats)
        for node, of_node in (_json_object(details, codec) or {}).items()
        if isinstance(of_node, dict)
        and isinstance(stats := of_node.get("stats"), dict)
        and stats.get("pid") == pid
    ]
    if len(found) != 1:
        return None, {}
    ((node, stats),) = found
    return _name(node), _pool(stats)


def _pool(stats: Mapping[str, Any]) -> dict[str, str]:
    pool = stats.get("pool")
    facts = {"celery.uptime": stats.get("uptime")}
    if isinstance(pool, dict):
        facts["celery.pool"] = pool.get("implementation")
        facts["celery.concurrency"] = pool.get("max-concurrency")
    return {
        name: storable(str(fact)[:MAX_ADAPTER_TEXT])
        for name, fact in facts.items()
        if isinstance(fact, str | int)
    }


def _name(text: str) -> str:
    return storable(text[:MAX_NAME])


def _json_object(value: Any, codec: FastCodec) -> dict[str, Any] | None:
    try:
        parsed = codec.loads(value.encode()) if isinstance(value, str) else None
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None
