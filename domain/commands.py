"""Commands: one order from an operator to one worker.

The stream `command:<id>` is the truth: `command_folding` reads it, `command_decisions` says what may
be appended to it next. A command ends in exactly one final state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from .ids import AgentId, CommandId, ProjectId, ReplicaId, SessionId, WorkerSlot
from .instants import Instant


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
        return self is not CommandStatus.ISSUED and not self.sent

    @property
    def sent(self) -> bool:
        """Whether it is with a worker that has not answered yet."""
        return self in (CommandStatus.CLAIMED, CommandStatus.ACKNOWLEDGED)


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
