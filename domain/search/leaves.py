"""JSON values as a search sees them: what lies at a path, and the text of what has no parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

SMALLEST, LARGEST = 1e-4, 1e15
"""Between them every JSON writer prints a fraction alike; others have a value but no text."""


def text_of(leaf: Any) -> str | None:
    """As JSON writes it, without quotes."""
    match leaf:
        case str():
            return leaf
        case None:
            return "null"
        case bool():
            return "true" if leaf else "false"
        case int():
            return str(leaf)
        case float() if leaf == 0 or SMALLEST <= abs(leaf) < LARGEST:
            return repr(leaf)
        case _:
            return None


def number_in(leaf: Any) -> int | float | None:
    return leaf if isinstance(leaf, int | float) and not isinstance(leaf, bool) else None


def texts_in(value: Any) -> Iterator[str]:
    """All keys and leaves but null, however deep."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield from each
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
        elif each is not None and (text := text_of(each)) is not None:
            yield text


def leaves_at(value: Any, keys: Sequence[str]) -> Iterator[Any]:
    """What has no parts at the path. A list stands for each of its items, unless a number picks one."""
    if not keys:
        for leaf in value if isinstance(value, list) else (value,):
            if not isinstance(leaf, dict | list):
                yield leaf
        return
    key, rest = keys[0], keys[1:]
    if isinstance(value, dict):
        if key in value:
            yield from leaves_at(value[key], rest)
    elif isinstance(value, list):
        if key.isascii() and key.isdigit() and len(key) < 10:
            for item in value[int(key) : int(key) + 1]:
                yield from leaves_at(item, rest)
        else:
            for item in value:
                if isinstance(item, dict):
                    yield from leaves_at(item, keys)
