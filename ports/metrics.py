"""What is counted of the brain's own work, for monitoring."""

from __future__ import annotations

from typing import Protocol

from ..domain.commands import Command
from ..domain.instants import Instant
from ..domain.notices import Notice
from ..domain.vital_signs import VitalSigns
from .event_store import Appended


class Metrics(Protocol):
    """Every method is cheap, never blocks and never raises. Counts are of this replica alone, so
    that over all replicas they add up."""

    def stored(self, appended: Appended, *, seconds: float) -> None:
        """A batch was committed."""
        ...

    def acknowledged(self, frames: int, rejected: int) -> None:
        """So many frames were acknowledged, with so many events that can never be stored."""
        ...

    def refused(self, close_code: int) -> None:
        """A process was not let in (agent-protocol.md §2.4)."""
        ...

    def told(self, notice: Notice) -> None:
        """Something was said in the log."""
        ...

    def decided(self, command: Command) -> None:
        """This replica moved a command on; it now stands so."""
        ...

    def followed(self, behind: Instant) -> None:
        """An entry of the journal was acted on so long after it was written."""
        ...

    def loop_late(self, seconds: float) -> None:
        """The event loop woke up so much later than it should have."""
        ...

    def exposition(self, signs: VitalSigns) -> bytes:
        """Everything counted so far, with the present signs, in Prometheus' text format 0.0.4."""
        ...
