"""Names that agents make, as PostgreSQL can hold them: its text has no U+0000.

U+0000 is written as U+0001 U+0001 and U+0001 as U+0001 U+0002. Nothing is lost, names sort as before
and begin with the same prefixes. JSON needs none of this: it writes U+0000 as an escape.
"""

from __future__ import annotations


def to_column(text: str) -> str:
    if "\0" in text or "\1" in text:
        return text.replace("\1", "\1\2").replace("\0", "\1\1")
    return text


def from_column(text: str) -> str:
    if "\1" in text:
        return text.replace("\1\1", "\0").replace("\1\2", "\1")
    return text


def optional_to_column(text: object) -> str | None:
    """For columns of what may be missing, or something else than text."""
    return to_column(text) if isinstance(text, str) else None
