"""Commands as their streams tell of them, entry by entry."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, assert_never

from .actions import PreparedOrder
from .commands import Claim, Command, CommandEntry, CommandStatus, LateResult
from .errors import Conflict
from .ids import CommandId
from .instants import SECOND
from .journal import Entry, Recorded


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
            return status.sent and command.session_lost_at is None
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
