"""Cursors: where a page ended, as text that only its maker reads."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from .errors import InvalidInput

T = TypeVar("T")

MAX_CURSOR = 2_048
"""The longest ids of tasks, twice in base64, fit in."""
_MOST = 2**63
"""Integers that databases hold lie below, and not below its negative."""


def encode_cursor(*key: str | int) -> str:
    """The sort key of the last row of a page, as opaque text for URLs."""
    text = json.dumps(key, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def page_of(
    found: Sequence[T], limit: int, key: Callable[[T], tuple[str | int, ...]]
) -> tuple[tuple[T, ...], str | None]:
    """A page and the cursor of the next one, of one row more than it takes where there are so many."""
    page = tuple(found[:limit])
    more = len(found) > limit and bool(page)
    return page, encode_cursor(*key(page[-1])) if more else None


def decode_cursor(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """The sort key in a cursor. Raises InvalidInput if it is not one of these kinds of values."""
    try:
        if len(cursor) > MAX_CURSOR:
            raise ValueError("too long")
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(key, list) or [type(part) for part in key] != list(kinds):
            raise ValueError("other kinds of values")
        if any(isinstance(part, int) and not -_MOST <= part < _MOST for part in key):
            raise ValueError("a number that is too large")
        json.dumps(key, ensure_ascii=False).encode()  # no text that a database cannot take
    except (ValueError, RecursionError):
        raise InvalidInput(
            "this cursor is not from a page of this list; start without one", field="cursor"
        ) from None
    return tuple(key)
