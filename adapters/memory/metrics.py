"""Metrics kept as facts."""

from __future__ import annotations

from ...domain.commands import Command, CommandStatus
from ...domain.instants import Instant
from ...domain.notices import Notice
from ...domain.vital_signs import VitalSigns
from ...ports.event_store import Appended


class RecordedMetrics:
    """Satisfies `Metrics`."""

    def __init__(self) -> None:
        self.appended: list[Appended] = []
        self.acknowledged_frames = 0
        self.rejected_events = 0
        self.refusals: list[int] = []
        self.notices: list[str] = []
        self.decisions: list[CommandStatus] = []
        self.entries_followed = 0

    def stored(self, appended: Appended, *, seconds: float) -> None:
        self.appended.append(appended)

    def acknowledged(self, frames: int, rejected: int) -> None:
        self.acknowledged_frames += frames
        self.rejected_events += rejected

    def refused(self, close_code: int) -> None:
        self.refusals.append(close_code)

    def told(self, notice: Notice) -> None:
        self.notices.append(notice.code)

    def decided(self, command: Command) -> None:
        self.decisions.append(command.status)

    def followed(self, behind: Instant) -> None:
        self.entries_followed += 1

    def loop_late(self, seconds: float) -> None:
        """Nobody asks."""

    def exposition(self, signs: VitalSigns) -> bytes:
        return b""
