"""Vital signs as gauges, read at each scrape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ...domain.projections.tally import QueueName
from ...domain.vital_signs import PoolLoad, VitalSigns
from .places import OTHER


class Signs(Collector):
    """Shows the signs it was given last."""

    def __init__(self, most_queues: int) -> None:
        self._most_queues = most_queues
        self.present: VitalSigns | None = None

    def collect(self) -> Iterator[Metric]:
        signs = self.present
        if signs is None:
            return
        for name, help_text, value in (
            ("backlog_events", "Events that arrived and are not committed.", signs.backlog_events),
            ("backlog_limit_events", "Above this backlog, sockets are paused.", signs.high_water),
            (
                "backlog_stalled_seconds",
                "For how long nothing of the backlog could be committed.",
                signs.stalled_seconds,
            ),
            ("paused_sockets", "Sockets that are not read from.", signs.paused_sockets),
            ("agent_sessions", "Agents' processes connected to this replica.", signs.sessions),
            (
                "listener_deaf_seconds",
                "For how long changes of other replicas have not arrived.",
                signs.deaf_seconds,
            ),
            (
                "retention_lag_seconds",
                "How long the oldest data should have been gone.",
                signs.retention_lag_seconds,
            ),
            ("draining", "1 from the signal to stop on.", int(signs.draining)),
        ):
            yield GaugeMetricFamily(f"taskdeck_{name}", help_text, value=value)
        yield self._depths(signs.depths)
        yield from _pools(signs.pools)

    def _depths(self, depths: Mapping[QueueName, int]) -> Metric:
        """The deepest queues by name; the others together."""
        family = GaugeMetricFamily(
            "taskdeck_queue_depth_messages",
            "Messages waiting; every replica says the same.",
            labels=("engine", "queue"),
        )
        ordered = sorted(depths, key=lambda place: (-depths[place], place))
        for place in ordered[: self._most_queues]:
            family.add_metric(place, depths[place])
        if left := ordered[self._most_queues :]:
            family.add_metric((OTHER, OTHER), sum(depths[place] for place in left))
        return family


def _pools(pools: Mapping[str, PoolLoad]) -> Iterator[Metric]:
    connections = GaugeMetricFamily(
        "taskdeck_database_connections",
        "Connections to the database.",
        labels=("purpose", "state"),
    )
    waiting = GaugeMetricFamily(
        "taskdeck_database_waiting", "Callers that wait for a connection.", labels=("purpose",)
    )
    waits = CounterMetricFamily(
        "taskdeck_database_waits", "Callers that had to wait.", labels=("purpose",)
    )
    waited = CounterMetricFamily(
        "taskdeck_database_wait_seconds", "Time that callers waited.", labels=("purpose",)
    )
    for purpose, load in pools.items():
        for state, value in (
            ("limit", load.most),
            ("busy", load.open - load.free),
            ("free", load.free),
        ):
            connections.add_metric((purpose, state), value)
        waiting.add_metric((purpose,), load.waiting)
        waits.add_metric((purpose,), load.waits)
        waited.add_metric((purpose,), load.waited_seconds)
    yield from (connections, waiting, waits, waited)
