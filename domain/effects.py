"""What a session wants done. The link carries it out; the session itself touches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from .events import Event, Rejection
from .health import HealthReport
from .notices import Notice


@dataclass(frozen=True, slots=True)
class Append:
    """Store these events, then acknowledge the frame. Rejected ones count as taken care of (§5)."""

    frame_id: str
    events: tuple[Event, ...]
    rejections: tuple[Rejection, ...]
    received: int
    """Events in the frame; those in neither tuple were refused together."""


@dataclass(frozen=True, slots=True)
class Observe:
    """Fold this health report; `events` are queue depths that changed with it, to be stored."""

    report: HealthReport
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class CommandTaken:
    """The agent took up a command (§8.1)."""

    command_id: str
    claim_token: str | None


@dataclass(frozen=True, slots=True)
class CommandFinished:
    """The agent reports how a command ended (§8.1). It may belong to another session."""

    command_id: str
    claim_token: str | None
    succeeded: bool
    result: Mapping[str, Any] | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Tell:
    """Put this into the log."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection with this code (§2.4)."""

    code: int
    reason: str


Effect: TypeAlias = Append | Observe | CommandTaken | CommandFinished | Tell | Close
