"""What all memory adapters of one brain share: both logs, and the views folded from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ...domain.access import ACCOUNT_KINDS, AccountRecord, fold_account
from ...domain.batching import Batch
from ...domain.bulk import Bulk, fold_bulks
from ...domain.command_folding import ended_by, fold
from ...domain.commands import Command
from ...domain.errors import VersionConflict
from ...domain.events import Event
from ...domain.ids import BulkId, EventId, ProjectId, WorkerSlot
from ...domain.journal import GENESIS, Recorded, Write, chain
from ...domain.projections.failure_hours import (
    FailureHour,
    FailureKey,
    KindKey,
    kinds_of,
    newcomers,
    regrouped,
)
from ...domain.projections.fingerprints import UNKNOWN, FailureKind
from ...domain.projections.folding import Changes, fold_events, task_keys
from ...domain.projections.queues import Queue, QueueKey, QueueMinute, QueueMinuteKey
from ...domain.projections.statistics import MinuteStatistics, StatisticsKey
from ...domain.projections.tally import Tally
from ...domain.projections.tasks import Task, TaskKey
from ...domain.projections.worker_health import WorkerHealth
from ...domain.projections.workers import Worker, slot_of


@dataclass(slots=True)
class Views:
    tasks: dict[TaskKey, Task] = field(default_factory=dict)
    statistics: dict[StatisticsKey, MinuteStatistics] = field(default_factory=dict)
    queues: dict[QueueKey, Queue] = field(default_factory=dict)
    queue_minutes: dict[QueueMinuteKey, QueueMinute] = field(default_factory=dict)
    failures: dict[FailureKey, FailureHour] = field(default_factory=dict)
    kinds: dict[KindKey, FailureKind] = field(default_factory=dict)
    accounts: dict[str, AccountRecord] = field(default_factory=dict)
    commands: dict[str, Command] = field(default_factory=dict)
    bulks: dict[BulkId, Bulk] = field(default_factory=dict)
    workers: dict[tuple[ProjectId, WorkerSlot], Worker] = field(default_factory=dict)


@dataclass(slots=True)
class MemoryState:
    events: dict[tuple[ProjectId, EventId], Event] = field(default_factory=dict)
    pruned: int = 0
    """How many events, of those that were stored first, are gone: places count on from there."""
    journal: list[Recorded] = field(default_factory=list)
    streams: dict[str, list[Recorded]] = field(default_factory=dict)
    health: dict[tuple[ProjectId, WorkerSlot], WorkerHealth] = field(default_factory=dict)
    views: Views = field(default_factory=Views)

    def append_batch(self, batch: Batch) -> tuple[int, Tally]:
        """Store and fold a batch; returns how many of its events are new, and what they changed."""
        new = []
        for event in batch.events:
            if (event.project_id, event.id) not in self.events:
                self.events[event.project_id, event.id] = event
                new.append(event)
        counted = self.fold(new)
        for report in batch.reports:
            self.health.setdefault((report.project_id, report.slot), WorkerHealth()).fold(report)
        return len(new), counted

    def append_writes(self, writes: Sequence[Write]) -> tuple[Recorded, ...]:
        """Append and fold, or raise VersionConflict and change nothing."""
        for write in writes:
            present = len(self.streams.get(write.stream, ()))
            if present != write.expected_version:
                raise VersionConflict(
                    f"{write.stream} has {present} entries, not {write.expected_version}."
                )
        recorded = [each for write in writes for each in self._record(write)]
        self.fold_journal(recorded)
        return tuple(recorded)

    def fold(self, events: Iterable[Event]) -> Tally:
        events = list(events)
        stored = {
            key: self.views.tasks[key] for key in task_keys(events) if key in self.views.tasks
        }
        changes = fold_events(events, stored)
        counted = changes.tally()
        self._apply(changes)
        return counted

    def fold_journal(self, entries: Iterable[Recorded]) -> None:
        for recorded in entries:
            stream, views = recorded.stream, self.views
            match stream.partition(":")[0]:
                case "command":
                    before = views.commands.get(stream)
                    after = views.commands[stream] = fold(before, recorded)
                    if ended_by(before, after):
                        views.bulks = fold_bulks(views.bulks, (), [after])
                case "bulk":
                    views.bulks = fold_bulks(views.bulks, [recorded], ())
                case "session":
                    key = (recorded.entry.project_id, slot_of(recorded.entry))
                    views.workers.setdefault(key, Worker(*key)).fold(recorded.entry)
                case kind if kind in ACCOUNT_KINDS:
                    views.accounts[stream] = fold_account(views.accounts.get(stream), recorded)
                case _:
                    pass

    def _record(self, write: Write) -> Iterable[Recorded]:
        stream = self.streams.setdefault(write.stream, [])
        for entry in write.entries:
            before = self.journal[-1].hash if self.journal else GENESIS
            version = len(stream) + 1
            recorded = Recorded(
                cursor=str(len(self.journal) + 1),
                stream=write.stream,
                version=version,
                entry=entry,
                hash=chain(before, write.stream, version, entry),
            )
            stream.append(recorded)
            self.journal.append(recorded)
            yield recorded

    def _apply(self, changes: Changes) -> None:
        views = self.views
        for task in changes.tasks:
            views.tasks[task.key] = task
        for statistics_key, row in changes.statistics.items():
            views.statistics.setdefault(statistics_key, MinuteStatistics(statistics_key)).add(row)
        for minute_key, minute in changes.queue_minutes.items():
            views.queue_minutes.setdefault(minute_key, QueueMinute(minute_key)).add(minute)
        for key, queue in changes.queues.items():
            views.queues.setdefault(key, Queue(key)).merge(queue)
        counts = Counter((key.project_id, key.day) for key in views.kinds)
        for kind in newcomers(kinds_of(changes.failures), views.kinds, counts):
            views.kinds[kind] = changes.kinds.get((kind.project_id, kind.fingerprint), UNKNOWN)
        for place, hour in regrouped(changes.failures, views.kinds).items():
            views.failures.setdefault(place, FailureHour(place)).add(hour)
