"""Commands: one order from an operator to one worker, folded from the journal.

The stream `command:<id>` is the truth: `fold` reads it, `command_decisions` says what may be
appended to it next. A command ends in exactly one final state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, assert_never

from .actions import PreparedOrder
from .errors import Conflict
from .ids import AgentId, CommandId, ProjectId, ReplicaId, SessionId, WorkerSlot
from .instants import SECOND, Instant
from .journal import Entry, Recorded


class CommandStatus(StrEnum):
    ISSUED = "issued"
    CLAIMED = "claimed"
    ACKNOWLEDGED = "acknowledged"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    """It was sent, and nobody can know how it ended."""

    @property
    def final(self) -> bool:
        return self not in _OPEN


_SENT = frozenset({CommandStatus.CLAIMED, CommandStatus.ACKNOWLEDGED})
_OPEN = _SENT | {CommandStatus.ISSUED}


class CommandEntry(StrEnum):
    """The entries of a command's stream."""

    ISSUED = "command.issued"
    CLAIMED = "command.claimed"
    ACKNOWLEDGED = "command.acknowledged"
    SESSION_LOST = "command.session_lost"
    RELEASED = "command.released"
    SUCCEEDED = "command.succeeded"
    FAILED = "command.failed"
    UNKNOWN = "command.unknown"
    TIMED_OUT = "command.timed_out"
    CANCELLED = "command.cancelled"
    LATE_RESULT = "command.late_result"

    @property
    def status(self) -> CommandStatus:
        """The status of the same name. Raises ValueError for entries that have none."""
        return CommandStatus(self.removeprefix("command."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The delivery of a command to one session. `token` comes back in its answers (§8.1)."""

    session_id: SessionId
    agent_id: AgentId
    worker_id: str
    token: str
    at: Instant
    replica_id: ReplicaId
    depth: int | None = None
    """The depth of the queue for which a purge was confirmed (§8.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateResult:
    """What the agent said after the command had ended. It does not change the status."""

    succeeded: bool
    result: Mapping[str, Any] | None
    error: str | None
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command as it stands. `agent_id` and `worker_id` are what was asked for."""

    id: CommandId
    project_id: ProjectId
    action: str
    engine: str
    agent_id: AgentId | None
    worker_id: str | None
    task_id: str | None
    queue: str | None
    target: Mapping[str, Any]
    parameters: Mapping[str, Any]
    timeout_seconds: int
    idempotency_key: str | None
    issued_by: str
    issued_at: Instant
    deadline: Instant
    status: CommandStatus
    version: int
    """Entries in the stream so far: the version to expect when appending."""
    claim: Claim | None = None
    """The last delivery, also when it was released again."""
    attempts: int = 0
    """Deliveries so far."""
    acknowledged_at: Instant | None = None
    finished_at: Instant | None = None
    result: Mapping[str, Any] | None = None
    error: str | None = None
    late: LateResult | None = None
    session_lost_at: Instant | None = None
    """When the session of the last delivery ended without an answer."""
    note: str | None = None

    @property
    def stream(self) -> str:
        return stream_of(self.id)

    @property
    def bound_to(self) -> WorkerSlot | None:
        """The only worker that may still get the command: the one that got it before."""
        return None if self.claim is None else WorkerSlot(self.claim.agent_id, self.claim.worker_id)

    def to_data(self) -> dict[str, Any]:
        """The command as a JSON object, which `from_data` reads."""
        data = {field.name: getattr(self, field.name) for field in fields(self)}
        data["status"] = str(self.status)
        data["claim"] = None if self.claim is None else asdict(self.claim)
        data["late"] = None if self.late is None else asdict(self.late)
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Command:
        values = {field.name: data[field.name] for field in fields(cls)}
        values["status"] = CommandStatus(data["status"])
        values["claim"] = None if data["claim"] is None else Claim(**data["claim"])
        values["late"] = None if data["late"] is None else LateResult(**data["late"])
        return cls(**values)


def stream_of(command_id: CommandId) -> str:
    return f"command:{command_id}"


def fold(command: Command | None, recorded: Recorded) -> Command:
    """The command after the next entry of its stream. Raises Conflict if that cannot follow."""
    entry, seen = recorded.entry, 0 if command is None else command.version
    try:
        kind = CommandEntry(entry.kind)
    except ValueError:
        raise Conflict(f"{entry.kind} is not an entry of {recorded.stream}") from None
    if recorded.version != seen + 1 or not _may_follow(command, kind):
        state = "nothing" if command is None else command.status
        raise Conflict(
            f"entry {recorded.version} of {recorded.stream}, {kind}, cannot follow "
            f"entry {seen}, after which the command is {state}"
        )
    if command is None:
        return _issued(entry)
    return replace(command, version=recorded.version, **_changes(command, kind, entry))


def ended_by(before: Command | None, after: Command) -> bool:
    """Whether a command came to its end in between."""
    return after.status.final and not (before is not None and before.status.final)


def _may_follow(command: Command | None, kind: CommandEntry) -> bool:
    if command is None or kind is CommandEntry.ISSUED:
        return command is None and kind is CommandEntry.ISSUED
    status, sent_before = command.status, command.attempts > 0
    match kind:
        case CommandEntry.CLAIMED:
            return status is CommandStatus.ISSUED
        case CommandEntry.ACKNOWLEDGED:
            return status is CommandStatus.CLAIMED
        case CommandEntry.SESSION_LOST | CommandEntry.RELEASED:
            return status in _SENT and command.session_lost_at is None
        case CommandEntry.SUCCEEDED | CommandEntry.FAILED | CommandEntry.UNKNOWN:
            return not status.final and sent_before
        case CommandEntry.TIMED_OUT:
            return not status.final
        case CommandEntry.CANCELLED:
            return not status.final and not sent_before
        case CommandEntry.LATE_RESULT:
            return status.final and sent_before and command.late is None
        case _:
            assert_never(kind)


def _issued(entry: Entry) -> Command:
    data = entry.data
    return Command(
        **{field.name: data[field.name] for field in fields(PreparedOrder)},
        id=CommandId(data["id"]),
        project_id=entry.project_id,
        issued_by=entry.who,
        issued_at=entry.at,
        deadline=entry.at + data["timeout_seconds"] * SECOND,
        status=CommandStatus.ISSUED,
        version=1,
    )


def _changes(command: Command, kind: CommandEntry, entry: Entry) -> dict[str, Any]:
    match kind:
        case CommandEntry.ISSUED:
            return {}
        case CommandEntry.CLAIMED:
            return {
                "status": CommandStatus.CLAIMED,
                "claim": Claim(at=entry.at, **entry.data),
                "attempts": command.attempts + 1,
                "acknowledged_at": None,
                "session_lost_at": None,
            }
        case CommandEntry.ACKNOWLEDGED:
            return {"status": CommandStatus.ACKNOWLEDGED, "acknowledged_at": entry.at}
        case CommandEntry.SESSION_LOST:
            return {"session_lost_at": entry.at}
        case CommandEntry.RELEASED:
            return {"status": CommandStatus.ISSUED, "session_lost_at": entry.at}
        case CommandEntry.LATE_RESULT:
            outcome = {name: entry.data[name] for name in ("succeeded", "result", "error")}
            return {"late": LateResult(at=entry.at, **outcome)}
        case (
            CommandEntry.SUCCEEDED
            | CommandEntry.FAILED
            | CommandEntry.UNKNOWN
            | CommandEntry.TIMED_OUT
            | CommandEntry.CANCELLED
        ):
            return {
                "status": kind.status,
                "finished_at": entry.at,
                "result": entry.data.get("result"),
                "error": entry.data.get("error"),
                "note": entry.data.get("note"),
            }
        case _:
            assert_never(kind)
