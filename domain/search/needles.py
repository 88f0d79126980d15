"""What the stored JSON of a task must contain if a term holds of it.

A database finds such a piece of text quickly; whether the term holds is said by the meaning.
Needles are in lower case, and are looked for in the lower case of A to Z of the document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypeAlias

from ..letters import folded
from .leaves import LARGEST, SMALLEST
from .terms import Condition, Mentions, Name, Named, Pattern, Term, ValueIs
from .values import NUMBER, print_number, read_number

Needles: TypeAlias = tuple[str, ...]
"""One of them must be there."""

IN_COLUMNS = (Name.ID, Name.ENGINE)
"""Not in the document."""


def needles_of(term: Term) -> Needles | None:
    """None if the document of a task need not contain anything."""
    return None if term.negated else _of_condition(term.condition)


def said_by(needles: Needles) -> Needles:
    """The texts that are written so in JSON."""
    return tuple(json.loads(f'"{needle}"') for needle in needles)


def _of_condition(condition: Condition) -> Needles | None:
    match condition:
        case Named(field, patterns) if field not in IN_COLUMNS:
            return _one_each(map(_of_pattern, patterns))
        case Mentions(_, patterns):
            return _one_each(map(_of_pattern, patterns))
        case ValueIs(_, patterns):
            return _one_each(map(_of_value, patterns))
        case _:
            return None


def _one_each(found: Iterable[str | None]) -> Needles | None:
    needles = tuple(found)
    whole = tuple(each for each in needles if each)
    return whole if len(whole) == len(needles) else None


def _of_pattern(pattern: Pattern) -> str:
    """The longest piece, as JSON writes it within quotes."""
    return folded(json.dumps(max(pattern.pieces, key=len), ensure_ascii=False)[1:-1])


def _of_value(pattern: Pattern) -> str | None:
    literal = pattern.literal
    if literal is None or not NUMBER.fullmatch(literal):
        return _of_pattern(pattern)
    # 42.50 is 42.5, and 42 is 42.0: what all spellings share.
    number = read_number(literal)
    plain = number == 0 or SMALLEST <= abs(number) < LARGEST
    shared = print_number(number)
    return shared if plain and shared in literal else None
