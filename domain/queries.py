"""What lists can be asked for: filters and pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .bulk import Bulk
from .bulk_items import Item
from .commands import Command
from .events import Event
from .instants import Instant
from .paging import decode_cursor
from .projections.tasks import Task

MAX_LIMIT = 500
_LAST = 2**63 - 1


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


@dataclass(frozen=True, slots=True)
class Selection:
    """Tasks that a query means, newest first, by name and state alone. None: there are no more.

    May be short, or empty, and still say how to go on.
    """

    items: tuple[Item, ...]
    next_cursor: str | None

    @classmethod
    def of(cls, page: TaskPage) -> Selection:
        return cls(tuple(map(Item.of, page.tasks)), page.next_cursor)


@dataclass(frozen=True, slots=True)
class BulkPage:
    """Newest first. `next_cursor` is None on the last page."""

    bulks: tuple[Bulk, ...]
    next_cursor: str | None


def bulk_place(bulk: Bulk) -> tuple[Instant, str]:
    """What pages are ordered by, the highest first."""
    return bulk.created_at, bulk.id


def command_place(command: Command) -> tuple[Instant, str]:
    """What pages are ordered by, the highest first."""
    return command.issued_at, command.id


def bulks_before(cursor: str | None) -> tuple[Instant, str]:
    """Where a page of bulk operations begins: before this time and id. Raises InvalidInput."""
    if cursor is None:
        return _LAST, ""
    at, bulk_id = decode_cursor(cursor, int, str)
    return min(at, _LAST), bulk_id
