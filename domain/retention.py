"""How long things are kept, in whole UTC days: what is older goes a day at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from .instants import DAY, SECOND, Instant

LATE_SECONDS = 86_400.0
"""From so much lag on people are told."""


class DataKind(StrEnum):
    """What has a length of keeping of its own."""

    EVENTS = "events"
    TASKS = "tasks"
    COMMANDS = "commands"
    STATISTICS = "statistics"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionDays:
    """Whole days that each is kept at least. The journal is kept for good."""

    events: int = 30
    tasks: int = 30
    """After a task was first heard of; and workers, after they left."""
    commands: int = 90
    statistics: int = 90
    """Minutes of tasks and of queues; and queues, after they were last seen."""

    def of(self, kind: DataKind) -> int:
        match kind:
            case DataKind.EVENTS:
                return self.events
            case DataKind.TASKS:
                return self.tasks
            case DataKind.COMMANDS:
                return self.commands
            case DataKind.STATISTICS:
                return self.statistics
            case _:
                assert_never(kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How one kind of data is kept."""

    kind: DataKind
    days: int
    oldest: Instant | None
    """The start of the oldest UTC day that anything is there of; None if nothing is."""
    lag_seconds: float


def day_of(instant: Instant) -> int:
    """Days since the epoch, UTC."""
    return instant // DAY


def first_kept_day(now: Instant, days: int) -> int:
    """The oldest day of which anything is kept."""
    return day_of(now) - days


def lag_seconds(oldest: int | None, now: Instant, days: int) -> float:
    """For how long the oldest day that is still there has been due to go; 0 if it is not due."""
    if oldest is None:
        return 0.0
    due = (oldest + days + 1) * DAY
    return max(0.0, (now - due) / SECOND)


def kept(oldest: Mapping[DataKind, int], now: Instant, days: RetentionDays) -> tuple[Kept, ...]:
    """Every kind, with the oldest day that is there of it."""
    return tuple(
        Kept(
            kind=kind,
            days=days.of(kind),
            oldest=None if kind not in oldest else oldest[kind] * DAY,
            lag_seconds=lag_seconds(oldest.get(kind), now, days.of(kind)),
        )
        for kind in DataKind
    )
