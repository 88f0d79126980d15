"""How long things are kept, in whole UTC days: what is older goes a day at a time."""

from __future__ import annotations

from dataclasses import dataclass

from .instants import DAY, SECOND, Instant

LATE_SECONDS = 86_400.0
"""From so much lag on people are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionDays:
    """Whole days that each is kept at least. The journal is kept for good."""

    events: int = 30
    tasks: int = 30
    """After a task was first heard of; and workers, after they left."""
    commands: int = 90
    statistics: int = 90
    """Minutes of tasks and of queues."""


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
