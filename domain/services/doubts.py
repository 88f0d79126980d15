"""Claims whose append got no answer: whether they were made, only the journal knows."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..commands import Command, CommandStatus
from ..ids import CommandId
from .open_commands import OpenCommands
from .turn import Turn


@dataclass(slots=True)
class _Doubt:
    command: Command
    tokens: set[str] = field(default_factory=set)
    """Of every attempt to claim it at this version."""


class Doubts:
    """Nobody else would send what such an append claimed, so it is looked up until it is settled."""

    def __init__(self, open_commands: OpenCommands) -> None:
        self._open = open_commands
        self._doubts: dict[CommandId, _Doubt] = {}

    def add(self, turn: Turn) -> None:
        for command in turn.claimed():
            if command.claim is not None:
                doubt = self._doubts.setdefault(command.id, _Doubt(command))
                doubt.tokens.add(command.claim.token)

    def forget(self, turn: Turn) -> None:
        """The turn was recorded: what was tried before at the same versions was not made."""
        for command in turn.commands():
            self._doubts.pop(command.id, None)

    async def settle(self) -> list[Command]:
        """Take out the claims that turn out to be made, and those that others forestalled; return
        the commands of the former as they stand. The rest may still be made."""
        made = []
        for command_id, doubt in list(self._doubts.items()):
            tried = doubt.command
            await self._open.read_again([tried])
            standing = await self._open.find(tried.project_id, command_id)
            if standing is None or standing.version < tried.version:
                continue
            del self._doubts[command_id]
            claim = standing.claim
            ours = claim is not None and claim.token in doubt.tokens
            if ours and standing.status is CommandStatus.CLAIMED:
                made.append(standing)
        return made
