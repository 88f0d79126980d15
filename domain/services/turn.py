"""One turn of the dispatcher: decisions on many commands, recorded in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..command_folding import fold
from ..commands import Command, CommandEntry, CommandStatus, stream_of
from ..ids import CommandId
from ..journal import Entry, Recorded, Write


@dataclass(slots=True)
class _Draft:
    command: Command
    seen: int
    entries: list[Entry] = field(default_factory=list)


class Turn:
    """What was decided so far, and how the commands will stand once it is recorded."""

    def __init__(self) -> None:
        self._drafts: dict[CommandId, _Draft] = {}

    def standing(self, command: Command) -> Command:
        """The command with the decisions of this turn."""
        draft = self._drafts.get(command.id)
        return command if draft is None else draft.command

    def all_standing(self, commands: Iterable[Command]) -> Iterator[Command]:
        return (self.standing(command) for command in commands)

    def record(self, command: Command, entry: Entry | None) -> Command:
        """Add a decision, if there is one, and return the command as it then stands."""
        if entry is None:
            return self.standing(command)
        draft = self._drafts.setdefault(command.id, _Draft(command, command.version))
        version = draft.seen + len(draft.entries) + 1
        recorded = Recorded(
            cursor="", stream=command.stream, version=version, entry=entry, hash=b""
        )
        draft.command = fold(draft.command, recorded)
        draft.entries.append(entry)
        return draft.command

    def writes(self) -> list[Write]:
        return [
            Write(
                stream=stream_of(command_id),
                expected_version=draft.seen,
                entries=tuple(draft.entries),
            )
            for command_id, draft in self._drafts.items()
        ]

    def commands(self) -> list[Command]:
        """The commands that were decided on, as they stand at the end of the turn."""
        return [draft.command for draft in self._drafts.values()]

    def claimed(self) -> list[Command]:
        """The commands that are to be sent: this turn claimed them, and nothing took them back."""
        return [
            draft.command
            for draft in self._drafts.values()
            if draft.command.status is CommandStatus.CLAIMED
            and any(entry.kind == CommandEntry.CLAIMED for entry in draft.entries)
        ]
