"""Bulk operations: one action on each task of a set that was frozen at the start.

The stream `bulk:<id>` is the truth of what was decided; what became of the commands is added from
theirs as they end. The set itself lies in a stream of its own (`bulk_items`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, assert_never

from .commands import Command, CommandStatus
from .errors import Conflict
from .ids import BulkId, ProjectId, ReplicaId
from .instants import Instant
from .journal import Entry, Recorded, Write

KEYS = "bulk:"
"""What the idempotency keys of its commands begin with."""


class BulkStatus(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"

    @property
    def open(self) -> bool:
        return self in (BulkStatus.RUNNING, BulkStatus.PAUSED)


class BulkEntry(StrEnum):
    """The entries of a bulk operation's stream."""

    CREATED = "bulk.created"
    TAKEN = "bulk.taken"
    """Another replica goes on with it."""
    ADVANCED = "bulk.advanced"
    PAUSED = "bulk.paused"
    RESUMED = "bulk.resumed"
    CANCELLED = "bulk.cancelled"
    FINISHED = "bulk.finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """A bulk operation as it stands."""

    id: BulkId
    project_id: ProjectId
    action: str
    query: str
    """As it was asked for."""
    resolved_query: str
    """The same with its relative times resolved at the start."""
    rate_per_second: int
    """Commands issued a second, at most."""
    total: int
    items: str
    """The stream that holds the set."""
    created_by: str
    created_at: Instant
    status: BulkStatus
    version: int
    """Entries in the stream so far."""
    holder: ReplicaId
    """The replica that works on it."""
    reached: int = 0
    """Items from the front that have a command by now, or were skipped."""
    skipped: int = 0
    """Items that got no command, for a reason."""
    ends: Mapping[str, int] = field(default_factory=dict)
    """How many commands ended in which status."""
    finished_at: Instant | None = None

    @property
    def stream(self) -> str:
        return stream_of(self.id)

    @property
    def done(self) -> int:
        return self.skipped + sum(self.ends.values())

    @property
    def unanswered(self) -> int:
        """Commands that have not ended."""
        return self.reached - self.done

    @property
    def succeeded(self) -> int:
        return self.ends.get(CommandStatus.SUCCEEDED, 0)

    @property
    def unknown(self) -> int:
        return self.ends.get(CommandStatus.UNKNOWN, 0)

    @property
    def failed(self) -> int:
        """Commands that ended in any other way: failed, timed out, withdrawn."""
        return self.done - self.skipped - self.succeeded - self.unknown

    def key_of(self, number: int) -> str:
        """The idempotency key of an item's command: whoever issues it, there is one."""
        return f"{KEYS}{self.id}:{number}"

    def write(self, *entries: Entry) -> Write:
        """The next entries, for as long as nobody else wrote any."""
        return Write(stream=self.stream, expected_version=self.version, entries=entries)

    def to_data(self) -> dict[str, Any]:
        """As a JSON object, which `from_data` reads."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Bulk:
        values = {each.name: data[each.name] for each in fields(cls)}
        return cls(**values | {"status": BulkStatus(data["status"])})


def stream_of(bulk_id: BulkId) -> str:
    return f"bulk:{bulk_id}"


def bulk_of(command: Command) -> BulkId | None:
    """The bulk operation that a command belongs to."""
    key = command.idempotency_key or ""
    return BulkId(key.split(":")[1]) if key.startswith(KEYS) else None


def fold_bulk(bulk: Bulk | None, recorded: Recorded) -> Bulk:
    """The operation after the next entry of its stream. Raises Conflict if that cannot follow."""
    entry, seen = recorded.entry, 0 if bulk is None else bulk.version
    kind = BulkEntry(entry.kind)
    if recorded.version != seen + 1 or (bulk is None) is not (kind is BulkEntry.CREATED):
        raise Conflict(f"{kind} cannot follow entry {seen} of {recorded.stream}")
    if bulk is None:
        return Bulk(
            **entry.data,
            project_id=entry.project_id,
            created_by=entry.who,
            created_at=entry.at,
            status=BulkStatus.RUNNING,
            version=1,
        )
    return replace(bulk, version=recorded.version, **_changes(bulk, kind, entry))


def counted(bulk: Bulk, ended: Command) -> Bulk:
    """With a command of it that came to its end."""
    status = str(ended.status)
    return replace(bulk, ends={**bulk.ends, status: bulk.ends.get(status, 0) + 1})


def concerned(recorded: Iterable[Recorded], ended: Iterable[Command]) -> set[BulkId]:
    """The operations that entries of their streams, or ends of their commands, move on."""
    own = {BulkId(each.stream.partition(":")[2]) for each in recorded}
    return own.union(bulk_id for command in ended if (bulk_id := bulk_of(command)) is not None)


def fold_bulks(
    bulks: Mapping[BulkId, Bulk], recorded: Iterable[Recorded], ended: Iterable[Command]
) -> dict[BulkId, Bulk]:
    """All that are `concerned`, as they then stand."""
    folded = dict(bulks)
    for each in recorded:
        bulk_id = BulkId(each.stream.partition(":")[2])
        folded[bulk_id] = fold_bulk(folded.get(bulk_id), each)
    for command in ended:
        bulk = folded.get(bulk_of(command) or BulkId(""))
        if bulk is not None:
            folded[bulk.id] = counted(bulk, command)
    return folded


def _changes(bulk: Bulk, kind: BulkEntry, entry: Entry) -> dict[str, Any]:
    match kind:
        case BulkEntry.CREATED:
            return {}
        case BulkEntry.TAKEN:
            return {"holder": entry.data["replica_id"]}
        case BulkEntry.ADVANCED:
            skipped = bulk.skipped + len(entry.data["skipped"])
            return {"reached": entry.data["reached"], "skipped": skipped}
        case BulkEntry.PAUSED:
            return {"status": BulkStatus.PAUSED}
        case BulkEntry.RESUMED:
            return {"status": BulkStatus.RUNNING}
        case BulkEntry.CANCELLED:
            return {"status": BulkStatus.CANCELLED, "finished_at": entry.at}
        case BulkEntry.FINISHED:
            return {"status": BulkStatus.FINISHED, "finished_at": entry.at}
        case _:
            assert_never(kind)
