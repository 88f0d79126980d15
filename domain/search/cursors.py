"""Where a search goes on: the place, and the moment that `2h` ago is counted from.

Without that moment a slow reader would miss what grows older than `since:2h` between two pages.
"""

from __future__ import annotations

from ..errors import InvalidInput
from ..instants import DAY, Instant
from ..paging import decode_cursor, encode_cursor

CLOCKS_DIFFER = DAY
"""A cursor may come from another replica; none comes from later than that."""


def first_or_next(cursor: str | None, *, now: Instant) -> tuple[Instant, str | None]:
    """When the first page was asked for, and the store's own cursor. Raises InvalidInput."""
    if cursor is None:
        return now, None
    asked_at, place = decode_cursor(cursor, int, str)
    if not 0 <= asked_at <= now + CLOCKS_DIFFER:
        raise InvalidInput(
            "this cursor is not from a page of this list; start without one", field="cursor"
        )
    return asked_at, place


def cursor_after(place: str | None, *, asked_at: Instant) -> str | None:
    """The cursor for the page after the place that the store names."""
    return None if place is None else encode_cursor(asked_at, place)
