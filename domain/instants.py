"""Points in time as integers: microseconds since the epoch, UTC.

Integers compare, sort, store and travel faster than `datetime`, and cannot lack a time zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias

Instant: TypeAlias = int

MILLISECOND = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_instant(text: str) -> Instant:
    """Read an ISO 8601 time with an offset (`Z` or `+01:00`). Raises ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"time without an offset: {text!r}; write it with Z or +00:00")
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


@lru_cache(maxsize=64)  # a whole batch of acknowledgements carries one time
def render_instant(instant: Instant) -> str:
    """Write an instant as agents do: `2026-02-03T04:05:06.789012Z`."""
    moment = (_EPOCH + timedelta(microseconds=instant)).replace(tzinfo=None)
    return moment.isoformat(timespec="microseconds") + "Z"


def minute_of(instant: Instant) -> Instant:
    """The start of the UTC minute that holds `instant`."""
    return instant - instant % MINUTE
