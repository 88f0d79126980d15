"""Times on the command line, written as in the query language (docs/search.md)."""

from __future__ import annotations

import time
from collections.abc import Callable

import click

from ...domain.instants import SECOND, Instant, render_instant
from ...domain.search.values import read_coming_time, read_time

PAST = "Like 2h (ago), 10:00, 2026-02-03 or 2026-02-03T04:05:06Z."
FUTURE = "Like 30d (from now), 10:00, 2027-01-31 or 2027-01-31T00:00:00Z."


def past_time(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """An option's callback: the time as the API takes it."""
    return None if value is None else _written(value, read_time, PAST)


def coming_time(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    return None if value is None else _written(value, read_coming_time, FUTURE)


def _written(text: str, read: Callable[[str, Instant], Instant], forms: str) -> str:
    now = time.time_ns() // 1_000 // SECOND * SECOND
    try:
        return render_instant(read(text, now))
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{text!r} is no time. {forms} Without an offset it is UTC."
        ) from None
