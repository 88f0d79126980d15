"""What follows from an occasion for open commands: who gets which, and what answers mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from ...ports.clock import Clock
from ...ports.notices import Notices
from .. import command_decisions as decide
from ..commands import Command
from ..effects import CommandFinished, CommandTaken
from ..errors import Conflict, VersionConflict
from ..ids import CommandId, ProjectId
from ..instants import Instant
from ..journal import Entry
from ..notices import Notice, Severity
from .courier import Courier, may_get
from .occasions import Answered, DeadlinesDue, Lost, Noticed, Occasion, Opened
from .open_commands import OpenCommands
from .turn import Turn


class Decider:
    """Decides into a turn; records and sends nothing."""

    def __init__(
        self, open_commands: OpenCommands, courier: Courier, clock: Clock, notices: Notices
    ) -> None:
        self._open = open_commands
        self._courier = courier
        self._clock = clock
        self._notices = notices

    async def decide(self, turn: Turn, occasion: Occasion) -> None:
        """Add to the turn what follows from the occasion. Raises VersionConflict if others knew more."""
        now = self._clock.now()
        match occasion:
            case Opened(live):
                standing = turn.all_standing(self._open)
                await self._offer(turn, [each for each in standing if may_get(each, live)])
            case Lost(session_id):
                for command in turn.all_standing(self._open):
                    entry = decide.lose_session(command, session_id, at=now)
                    if entry is not None:
                        await self._offer(turn, [turn.record(command, entry)])
            case Noticed(project_id, command_id):
                found = await self._open.find(project_id, command_id)
                if found is not None:
                    await self._offer(turn, [turn.standing(found)])
            case Answered(project_id, answer):
                await self._take_answer(turn, project_id, answer)
            case DeadlinesDue():
                for command in turn.all_standing(self._open):
                    turn.record(command, decide.expire(command, at=now))
            case _:
                assert_never(occasion)

    async def _offer(self, turn: Turn, waiting: Sequence[Command]) -> None:
        """Claim waiting commands for sessions of this replica, where one fits."""
        standing = turn.all_standing(self._open)
        for command, entry in await self._courier.claim(waiting, standing):
            turn.record(command, entry)

    async def _take_answer(
        self, turn: Turn, project_id: ProjectId, answer: CommandTaken | CommandFinished
    ) -> None:
        command = await self._open.find(project_id, CommandId(answer.command_id))
        try:
            if command is None:
                raise Conflict("there is no such command in the agent's project")
            if command.claim is None and await self._open.read_again([command]):
                # Another replica sent it, and we were not told yet.
                raise VersionConflict
            command = turn.standing(command)
            turn.record(command, _decision(command, answer, self._clock.now()))
        except VersionConflict:
            raise
        except Conflict as error:
            self._notices.tell(
                Notice(
                    Severity.WARNING,
                    "command.stray_answer",
                    f"An agent's answer to a command is ignored: {error.message}",
                    {"command": answer.command_id},
                )
            )


def _decision(
    command: Command, answer: CommandTaken | CommandFinished, now: Instant
) -> Entry | None:
    """What an agent's answer adds to the stream. Raises Conflict if it cannot be an answer."""
    match answer:
        case CommandTaken(_, token):
            return decide.acknowledge(command, token=token, at=now)
        case CommandFinished(_, token, succeeded, result, error):
            return decide.finish(
                command, token=token, succeeded=succeeded, result=result, error=error, at=now
            )
