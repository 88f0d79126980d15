"""What lists can be asked for: filters and pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .commands import Command
from .events import Event
from .instants import Instant
from .projections.tasks import Task

MAX_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """All conditions hold together; None means any. `since` inclusive, `until` exclusive, by
    `occurred_at`."""

    kind: str | None = None
    engine: str | None = None
    task_id: str | None = None
    since: Instant | None = None
    until: Instant | None = None

    def matches(self, event: Event) -> bool:
        return (
            self.kind in (None, event.kind)
            and self.engine in (None, event.engine)
            and self.task_id in (None, event.task_id)
            and (self.since is None or event.occurred_at >= self.since)
            and (self.until is None or event.occurred_at < self.until)
        )


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in the order asked for. `next_cursor` goes on after the last one, also later."""

    events: tuple[Event, ...]
    next_cursor: str | None


class Searched(NamedTuple):
    """How far a search went. Incomplete: older tasks were not looked at, though there may be some."""

    complete: bool
    back_to: Instant | None
    """All that had their last event from then on were looked at."""


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Newest first by the time of the last event. `next_cursor` is None on the last page.

    A page ends early where a search looked at enough; `searched` tells.
    """

    tasks: tuple[Task, ...]
    next_cursor: str | None
    searched: Searched = Searched(True, None)


@dataclass(frozen=True, slots=True)
class CommandPage:
    """Newest first by issue. `next_cursor` is None on the last page."""

    commands: tuple[Command, ...]
    next_cursor: str | None
