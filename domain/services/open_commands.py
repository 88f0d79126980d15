"""What a replica remembers of open commands. The journal is the truth; this may lag behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...ports.journal import Journal
from ...ports.projection_store import ProjectionStore
from ..command_folding import fold
from ..commands import Command, stream_of
from ..ids import CommandId, ProjectId
from ..journal import Recorded


class OpenCommands:
    """Commands that have not ended, of all projects."""

    def __init__(self, journal: Journal, views: ProjectionStore) -> None:
        self._journal = journal
        self._views = views
        self._known: dict[CommandId, Command] = {}

    def __iter__(self) -> Iterator[Command]:
        """All of them at this moment, oldest acquaintance first."""
        return iter(list(self._known.values()))

    async def load(self) -> None:
        """Take up all that the store has."""
        for command in await self._views.open_commands():
            self.remember(command)

    def remember(self, command: Command) -> None:
        if command.status.final:
            self._known.pop(command.id, None)
        else:
            self._known[command.id] = command

    def recorded(self, recorded: Recorded) -> None:
        """The journal tells how a command began, or went on."""
        known = self._known.get(CommandId(recorded.stream.partition(":")[2]))
        seen = 0 if known is None else known.version
        if recorded.version == seen + 1:
            self.remember(fold(known, recorded))

    async def find(self, project_id: ProjectId, command_id: CommandId) -> Command | None:
        """A command of the project, from memory or from the journal; it may have ended."""
        command = self._known.get(command_id)
        if command is None:
            command = await read_command(self._journal, command_id)
            if command is not None:
                self.remember(command)
        return command if command is not None and command.project_id == project_id else None

    async def read_again(self, commands: Iterable[Command]) -> bool:
        """Tells whether the journal knew more of any of these than was remembered."""
        news = False
        for command in commands:
            known = self._known.get(command.id)
            standing = await read_command(self._journal, command.id)
            if known is not None and standing is not None and standing.version > known.version:
                self.remember(standing)
                news = True
        return news


async def read_command(journal: Journal, command_id: CommandId) -> Command | None:
    """A command of any project as the journal tells it; None if it was never issued."""
    command: Command | None = None
    for recorded in await journal.read(stream_of(command_id)):
        command = fold(command, recorded)
    return command
