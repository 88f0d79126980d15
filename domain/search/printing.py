"""Terms to text, in one way only: what is printed reads back as the same terms."""

from __future__ import annotations

import re

from ..instants import render_instant
from .fields import Bound
from .terms import (
    InState,
    Measure,
    Measured,
    Mentions,
    Named,
    Path,
    Pattern,
    Prose,
    Query,
    Term,
    ValueIs,
    ValueMeasured,
)
from .values import print_duration, print_number

_BARE = re.compile(r'[^\s,"*]*')
_BARE_WORD = re.compile(r"[\w][\w./@+-]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def print_query(query: Query) -> str:
    return " ".join(map(_print_term, query.terms))


def _print_term(term: Term) -> str:
    return ("-" if term.negated else "") + _print_condition(term)


def _print_condition(term: Term) -> str:
    match term.condition:
        case InState(states):
            return f"state:{','.join(sorted(states))}"
        case Mentions(Prose.TEXT, (pattern,)):
            return _print_word(pattern)
        case Named(field, patterns) | Mentions(field, patterns):
            return f"{field}:{_print_patterns(patterns)}"
        case Measured(Measure.LAST_EVENT, op, value):
            return f"{Bound(op).name.lower()}:{render_instant(int(value))}"
        case Measured(field, op, value):
            return f"{field}{op}{_print_measure(field, value)}"
        case ValueIs(path, patterns):
            return f"{_print_path(path)}:{_print_patterns(patterns)}"
        case ValueMeasured(path, op, value):
            return f"{_print_path(path)}{op}{print_number(value)}"


def _print_measure(field: Measure, value: int | float) -> str:
    match field:
        case Measure.ATTEMPTS:
            return print_number(value)
        case Measure.RUNTIME | Measure.WAIT:
            return print_duration(int(value))
        case _:
            return render_instant(int(value))


def _print_path(path: Path) -> str:
    keys = (key if _BARE_KEY.fullmatch(key) else quoted(key) for key in path.keys)
    return ".".join((path.root.value, *keys))


def _print_patterns(patterns: tuple[Pattern, ...]) -> str:
    return ",".join(map(_print_pattern, patterns))


def _print_pattern(pattern: Pattern) -> str:
    if pattern.pieces == ("",) or pattern.pieces[0].startswith((">", "<", ":")):
        # Unquoted it would be missing, or an operator.
        return "*".join(map(quoted, pattern.pieces))
    return "*".join(piece if _BARE.fullmatch(piece) else quoted(piece) for piece in pattern.pieces)


def _print_word(pattern: Pattern) -> str:
    return "*".join(
        piece if not piece or _BARE_WORD.fullmatch(piece) else quoted(piece)
        for piece in pattern.pieces
    )


def quoted(text: str) -> str:
    """A phrase: nothing in it means anything to the language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
