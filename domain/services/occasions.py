"""What can happen to commands, as the dispatcher hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ..effects import CommandFinished, CommandTaken
from ..ids import CommandId, ProjectId, SessionId
from ..sessions import LiveSession


@dataclass(frozen=True, slots=True)
class Opened:
    """A session of this replica is open: it may get what waits."""

    live: LiveSession


@dataclass(frozen=True, slots=True)
class Lost:
    """A session ended."""

    session_id: SessionId


@dataclass(frozen=True, slots=True)
class Noticed:
    """A command was issued or cancelled, here or elsewhere."""

    project_id: ProjectId
    command_id: CommandId


@dataclass(frozen=True, slots=True)
class Answered:
    """An agent of the project acknowledged or finished a command."""

    project_id: ProjectId
    answer: CommandTaken | CommandFinished


@dataclass(frozen=True, slots=True)
class DeadlinesDue:
    """Some open command has reached its deadline."""


Occasion: TypeAlias = Opened | Lost | Noticed | Answered | DeadlinesDue
