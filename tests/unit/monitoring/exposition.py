"""What a scrape says, read back."""

from __future__ import annotations

from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from taskdeck.adapters.prometheus.metrics import PrometheusMetrics
from taskdeck.domain.vital_signs import PoolLoad, VitalSigns

QUIET: dict[str, Any] = {
    "backlog_events": 0, "high_water": 25_000, "stalled_seconds": 0.0, "paused_sockets": 0,
    "sessions": 0, "deaf_seconds": 0.0, "retention_lag_seconds": 0.0, "draining": False,
    "pools": {"reads": PoolLoad(most=6, open=2, free=1, waiting=0, waits=3, waited_seconds=0.5)},
}  # fmt: skip


def signs(**changes: Any) -> VitalSigns:
    return VitalSigns(**QUIET | changes)


def families(metrics: PrometheusMetrics, **changes: Any) -> set[str]:
    """The names in a scrape, as queries use them."""
    text = metrics.exposition(signs(**changes)).decode()
    found = set()
    for family in text_string_to_metric_families(text):
        if not family.name.startswith("taskdeck_"):
            continue
        match family.type:
            case "counter":
                found.add(f"{family.name}_total")
            case _:
                found.add(family.name)
    return found


def samples(metrics: PrometheusMetrics, name: str, **changes: Any) -> dict[tuple[str, ...], float]:
    """Label values in the order of label names -> value."""
    text = metrics.exposition(signs(**changes)).decode()
    return {
        tuple(sample.labels[label] for label in sorted(sample.labels)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }
