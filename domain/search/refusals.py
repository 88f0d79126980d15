"""How a query is refused: what is wrong, where, and what may have been meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ..errors import InvalidInput


def refusal(message: str, *, at: int, length: int, hint: str = "") -> InvalidInput:
    """`at` and `length` count characters of the query."""
    told = f"{message}; {hint}" if hint else message
    return InvalidInput(told, field="q", at=at, length=length, hint=hint)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one, if any is."""
    found = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return found[0] if found else None
