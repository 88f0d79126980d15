"""Counters and histograms of one replica, in a registry of its own."""

from __future__ import annotations

import platform

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest

from ...domain.commands import Command, CommandStatus
from ...domain.instants import SECOND, Instant
from ...domain.notices import Notice
from ...domain.vital_signs import VitalSigns
from ...ports.event_store import Appended
from .signs import Signs
from .tasks import TaskFigures

COMMIT_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)
BATCH_EVENTS = (1, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
DELIVERY_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
LAG_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class PrometheusMetrics:
    """Satisfies `Metrics`. Labels are of few values, or bounded by `most_names`."""

    def __init__(self, *, version: str, most_names: int) -> None:
        # A second series for each counter, of when it began, which nobody asks for.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = registry = CollectorRegistry()
        self._signs = Signs(most_names)
        self._tasks = TaskFigures(most_names)
        registry.register(self._signs)
        registry.register(self._tasks)
        ProcessCollector(registry=registry)
        build = Gauge("taskdeck_build_info", "Always 1.", ("version", "python"), registry=registry)
        build.labels(version, platform.python_version()).set(1)

        events = Counter(
            "taskdeck_ingest_events",
            "Events that agents delivered, by what became of them.",
            ("outcome",),
            registry=registry,
        )
        self._new, self._duplicates, self._rejected = (
            events.labels(outcome) for outcome in ("stored", "duplicate", "rejected")
        )
        self._batch = Histogram(
            "taskdeck_ingest_batch_events",
            "Events of a transaction.",
            buckets=BATCH_EVENTS,
            registry=registry,
        )
        self._commit = Histogram(
            "taskdeck_ingest_commit_seconds",
            "Time to store and fold a batch, outages of the database included.",
            buckets=COMMIT_SECONDS,
            registry=registry,
        )
        self._acks = Counter(
            "taskdeck_ingest_acks", "Frames that were acknowledged.", registry=registry
        )
        self._refused = Counter(
            "taskdeck_handshakes_refused",
            "Agents' processes that were not let in, by close code.",
            ("code",),
            registry=registry,
        )
        self._notices = Counter(
            "taskdeck_notices",
            "What was said in the log; frame.refused.* are frames by the reason of refusal.",
            ("code", "severity"),
            registry=registry,
        )
        self._commands = Counter(
            "taskdeck_commands",
            "Commands that came to this status.",
            ("status",),
            registry=registry,
        )
        self._delivery = Histogram(
            "taskdeck_command_delivery_seconds",
            "From the issue of a command to its claim for a session.",
            buckets=DELIVERY_SECONDS,
            registry=registry,
        )
        self._journal = Histogram(
            "taskdeck_journal_follow_seconds",
            "From the writing of a journal entry until this replica acted on it.",
            buckets=LAG_SECONDS,
            registry=registry,
        )
        self._loop = Histogram(
            "taskdeck_event_loop_lag_seconds",
            "How late the event loop wakes up.",
            buckets=LAG_SECONDS,
            registry=registry,
        )

    def stored(self, appended: Appended, *, seconds: float) -> None:
        self._new.inc(appended.stored)
        self._duplicates.inc(appended.duplicates)
        self._batch.observe(appended.stored + appended.duplicates)
        self._commit.observe(seconds)
        self._tasks.add(appended.tally)

    def acknowledged(self, frames: int, rejected: int) -> None:
        self._acks.inc(frames)
        self._rejected.inc(rejected)

    def refused(self, close_code: int) -> None:
        self._refused.labels(str(close_code)).inc()

    def told(self, notice: Notice) -> None:
        self._notices.labels(notice.code, notice.severity.value).inc()

    def decided(self, command: Command) -> None:
        self._commands.labels(command.status.value).inc()
        if command.status is CommandStatus.CLAIMED and command.claim is not None:
            self._delivery.observe((command.claim.at - command.issued_at) / SECOND)

    def followed(self, behind: Instant) -> None:
        self._journal.observe(max(0, behind) / SECOND)

    def loop_late(self, seconds: float) -> None:
        self._loop.observe(max(0.0, seconds))

    def exposition(self, signs: VitalSigns) -> bytes:
        self._signs.present = signs
        return generate_latest(self._registry)
