"""What may happen to a command next (agent-protocol.md §8.1, §10).

Each function looks at the command as it stands and returns the entry to append at its version. It
returns None when there is nothing new to record, and raises Conflict when a rule forbids it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from .actions import PreparedOrder, find
from .actions.queues import needs_confirmation
from .commands import Claim, Command, CommandEntry, CommandStatus
from .errors import Conflict
from .ids import LEGACY_WORKER, CommandId, ProjectId, ReplicaId, SessionId
from .instants import Instant
from .journal import Entry
from .routing import explain, fits
from .sessions import LiveSession

BRAIN = "brain"


def issue(
    order: PreparedOrder,
    *,
    command_id: CommandId,
    project_id: ProjectId,
    issued_by: str,
    at: Instant,
) -> Entry:
    """The first entry of the stream; its expected version is 0."""
    data = {field.name: getattr(order, field.name) for field in fields(order)}
    return Entry(
        kind=CommandEntry.ISSUED.value,
        at=at,
        actor=issued_by,
        project_id=project_id,
        data={"id": command_id, **data},
    )


def claim(
    command: Command,
    session: LiveSession,
    *,
    token: str,
    at: Instant,
    replica_id: ReplicaId,
    depth: int | None = None,
) -> Entry:
    """Give the command to a session. Of two replicas that try, the journal lets one win.

    `token` is new for each delivery. `depth` is the queue depth that a purge is confirmed for.
    """
    if command.status is not CommandStatus.ISSUED:
        raise Conflict(f"the command is {command.status}; only a waiting one can be claimed")
    if at >= command.deadline:
        raise Conflict("the time of the command is over; it is not sent any more")
    if not fits(command, session):
        raise Conflict(f"session {session.session_id} does not fit: {explain(command, [session])}")
    confirmed = needs_confirmation(command.action, command.parameters)
    if confirmed and depth is None:
        raise Conflict(
            f"the depth of queue {command.queue} is not known, so the purge cannot be confirmed; "
            "wait for the worker's next heartbeat, or use force"
        )
    return _entry(
        command,
        CommandEntry.CLAIMED,
        at,
        BRAIN,
        session_id=session.session_id,
        agent_id=session.agent_id,
        worker_id=session.hello.worker_id,
        token=token,
        replica_id=replica_id,
        depth=depth if confirmed else None,
    )


def acknowledge(command: Command, *, token: str | None, at: Instant) -> Entry | None:
    """The worker took the command up. Agents too old to echo the token send None."""
    sent = _sent(command)
    if command.status is not CommandStatus.CLAIMED or token not in (None, sent.token):
        return None
    return _entry(command, CommandEntry.ACKNOWLEDGED, at, f"agent:{sent.agent_id}")


def finish(
    command: Command,
    *,
    token: str | None,
    succeeded: bool,
    result: Mapping[str, Any] | None,
    error: str | None,
    at: Instant,
) -> Entry | None:
    """The agent said how it ended; only the first such word decides.

    A result with the token of an earlier delivery counts like any other: it is the word of the
    same worker about the same command. Nor does it matter which connection brings it, within the
    project: processes adopt and send what dead ones left behind (§5).
    """
    sent = _sent(command)
    actor = f"agent:{sent.agent_id}"
    said: dict[str, Any] = {"token": token, "result": result, "error": error}
    kind = _outcome(succeeded, result)
    if command.status.final:
        repeated = kind.status is command.status
        if command.late is not None or (repeated and command.result == result):
            return None
        return _entry(command, CommandEntry.LATE_RESULT, at, actor, succeeded=succeeded, **said)
    return _entry(command, kind, at, actor, note=_remark(kind, sent), **said)


def lose_session(command: Command, session_id: SessionId, *, at: Instant) -> Entry | None:
    """The session ended. Matters only if it holds the command and nothing was heard yet.

    Where repeating does no harm, the command waits for the same worker again (§8.1). Otherwise it
    keeps its place until its deadline, in case the result comes over another connection.
    """
    holds = command.claim is not None and command.claim.session_id == session_id
    sent = command.status in (CommandStatus.CLAIMED, CommandStatus.ACKNOWLEDGED)
    if not holds or not sent or command.session_lost_at is not None:
        return None
    # A worker without an id cannot be recognised when it comes back.
    recognisable = command.claim is not None and command.claim.worker_id != LEGACY_WORKER
    again = find(command.action).redeliverable and recognisable
    kind = CommandEntry.RELEASED if again else CommandEntry.SESSION_LOST
    return _entry(command, kind, at, BRAIN, session_id=session_id)


def expire(command: Command, *, at: Instant) -> Entry | None:
    """The deadline has come without a result. None before it, and for a command that has ended."""
    if command.status.final or at < command.deadline:
        return None
    if command.attempts == 0:
        note = "no fitting worker was there in time; nothing was sent"
        return _entry(command, CommandEntry.TIMED_OUT, at, BRAIN, note=note)
    if command.session_lost_at is not None:
        note = "the connection broke after the command was sent, and no result came"
        return _entry(command, CommandEntry.UNKNOWN, at, BRAIN, note=note)
    if command.attempts > 1:
        # An agent that carried it out before acknowledges it again and says no more (§8.1).
        note = "it was sent again after a broken connection, and no result came to either"
        return _entry(command, CommandEntry.UNKNOWN, at, BRAIN, note=note)
    note = "the worker has it but gave no result in time; it may still carry it out"
    return _entry(command, CommandEntry.TIMED_OUT, at, BRAIN, note=note)


def cancel(command: Command, *, by: str, at: Instant) -> Entry:
    """Withdraw a command that was never sent. Raises Conflict for any other."""
    if command.status.final:
        raise Conflict(f"the command has ended already: {command.status}")
    if command.attempts > 0:
        raise Conflict(
            "the command was sent and cannot be called back; wait for its result. "
            "A task that it started can be stopped with cancel_task"
        )
    return _entry(command, CommandEntry.CANCELLED, at, by)


def _sent(command: Command) -> Claim:
    """The last delivery. Raises Conflict if there was none: nobody can answer what was not sent."""
    if command.claim is None:
        raise Conflict(f"an answer came to command {command.id}, which was never sent")
    return command.claim


def _outcome(succeeded: bool, result: Mapping[str, Any] | None) -> CommandEntry:
    if succeeded:
        return CommandEntry.SUCCEEDED
    indeterminate = result is not None and result.get("indeterminate") is True
    return CommandEntry.UNKNOWN if indeterminate else CommandEntry.FAILED


def _remark(kind: CommandEntry, sent: Claim) -> str | None:
    if kind is CommandEntry.UNKNOWN:
        return "the agent cannot tell whether it happened"
    if kind is CommandEntry.FAILED and sent.depth is not None:
        return (
            f"the purge was confirmed for a depth of {sent.depth}; if the queue has changed since, "
            "look at its present depth and order it again"
        )
    return None


def _entry(command: Command, kind: CommandEntry, at: Instant, actor: str, **data: Any) -> Entry:
    return Entry(kind=kind.value, at=at, actor=actor, project_id=command.project_id, data=data)
