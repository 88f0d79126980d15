"""Small values as the API writes them."""

from __future__ import annotations

from ...domain.instants import MILLISECOND, Instant, render_instant


def time(instant: Instant | None) -> str | None:
    """ISO 8601 in UTC, with Z."""
    return None if instant is None else render_instant(instant)


def milliseconds(microseconds: float | None) -> float | None:
    return None if microseconds is None else round(microseconds / MILLISECOND, 3)
