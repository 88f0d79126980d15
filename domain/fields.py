"""Reading fields of payloads that others wrote: typed, bounded, tolerant of what is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .instants import Instant, parse_instant

MAX_COUNT = 2**53 - 1
MAX_NAME = 200
"""Characters of a name of a task, queue or worker."""


def text(payload: Mapping[str, Any], name: str, limit: int, default: str | None = None) -> str:
    """A string of at most `limit` characters. Raises ValueError."""
    value = payload.get(name, default)
    if not isinstance(value, str) or len(value) > limit:
        raise ValueError(f"{name} is not text of at most {limit} characters")
    return storable(value)


def optional_text(payload: Mapping[str, Any], name: str, limit: int) -> str | None:
    return None if payload.get(name) is None else text(payload, name, limit)


def texts(payload: Mapping[str, Any], name: str, most: int, limit: int) -> tuple[str, ...]:
    """A list of at most `most` strings. Missing means empty. Raises ValueError."""
    values = payload.get(name) or []
    if not isinstance(values, list) or len(values) > most:
        raise ValueError(f"{name} is not a list of at most {most} items")
    if not all(isinstance(value, str) and len(value) <= limit for value in values):
        raise ValueError(f"{name} holds something else than text of at most {limit} characters")
    return tuple(map(storable, values))


def mapping(payload: Mapping[str, Any], name: str, most: int) -> Mapping[str, Any]:
    """An object of at most `most` members. Missing or null means empty. Raises ValueError."""
    value = payload.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > most:
        raise ValueError(f"{name} is not an object of at most {most} members")
    return value


def count(value: Any, most: int = MAX_COUNT) -> int | None:
    """A non-negative integer up to `most`, or None for anything else."""
    return value if type(value) is int and 0 <= value <= most else None


def instant(value: Any) -> Instant | None:
    """An ISO time with an offset, or None for anything else."""
    try:
        return parse_instant(value)
    except (TypeError, ValueError, OverflowError):
        return None


def storable(value: str) -> str:
    """The text without U+0000, which JSON can say and text columns cannot hold.

    For names only. JSON documents are stored as they are, with U+0000 as an escape.
    """
    return value.replace("\0", "\ufffd") if "\0" in value else value


def name_of(value: str) -> str:
    """A name as views keep it: cut to what fits."""
    return storable(value[:MAX_NAME])


def deeper_than(levels: int, value: Any) -> bool:
    """Whether lists and objects are nested in more than so many levels. Does not recurse."""
    containers = [value] if isinstance(value, dict | list) else []
    while containers and levels:
        levels -= 1
        containers = [
            child
            for container in containers
            for child in (container.values() if isinstance(container, dict) else container)
            if isinstance(child, dict | list)
        ]
    return bool(containers)
