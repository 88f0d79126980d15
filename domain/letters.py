"""Text without regard to the case of A to Z; of other letters, databases disagree."""

from __future__ import annotations

from collections.abc import Iterable

_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def folded(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_LOWER)


def named(part: str, names: Iterable[str]) -> bool:
    """Whether this is a part of any of these names."""
    wanted = folded(part)
    return any(wanted in folded(name) for name in names)
