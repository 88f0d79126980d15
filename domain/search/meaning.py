"""What a query means of a task. Stores may be quicker, but find the same."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from ..letters import folded
from ..projections.tasks import Task
from .facts import leaves_of, measure_of, names_of, prose_of
from .leaves import number_in, text_of
from .terms import (
    InState,
    Measured,
    Mentions,
    Named,
    Op,
    Pattern,
    Query,
    Term,
    ValueIs,
    ValueMeasured,
)
from .values import NUMBER, read_number

Meaning: TypeAlias = Callable[[Task], bool]

_COMPARE: Mapping[Op, Callable[[Any, Any], bool]] = {
    Op.IS: operator.eq,
    Op.MORE: operator.gt,
    Op.LESS: operator.lt,
    Op.AT_LEAST: operator.ge,
    Op.AT_MOST: operator.le,
}


def meaning_of(query: Query) -> Meaning:
    """Whether a task is found, to be asked of many."""
    meanings = [_term(term) for term in query.terms]
    return lambda task: all(holds(task) for holds in meanings)


def _term(term: Term) -> Meaning:
    holds = _condition(term)
    return (lambda task: not holds(task)) if term.negated else holds


def _condition(term: Term) -> Meaning:
    match term.condition:
        case InState(states):
            return lambda task: task.state in states
        case Named(field, patterns):
            return lambda task: _one_is(patterns, names_of(task, field))
        case Mentions(prose, patterns):
            plain = tuple(Pattern(tuple(map(folded, each.pieces))) for each in patterns)
            return lambda task: _one_is_in(plain, prose_of(task, prose))
        case Measured(measure, op, value):
            return lambda task: _compare(measure_of(task, measure), op, value)
        case ValueIs(path, patterns):
            leaf_is = _value_is(patterns)
            return lambda task: any(map(leaf_is, leaves_of(task, path)))
        case ValueMeasured(path, op, value):
            return lambda task: any(
                _compare(number_in(leaf), op, value) for leaf in leaves_of(task, path)
            )


def _one_is(patterns: tuple[Pattern, ...], texts: Iterable[str]) -> bool:
    return any(pattern.matches(text) for text in texts for pattern in patterns)


def _one_is_in(patterns: tuple[Pattern, ...], texts: Iterable[str]) -> bool:
    return any(pattern.found_in(folded(text)) for text in texts for pattern in patterns)


def _compare(known: int | float | None, op: Op, value: int | float) -> bool:
    return known is not None and _COMPARE[op](known, value)


def _value_is(patterns: tuple[Pattern, ...]) -> Callable[[Any], bool]:
    """Whether a leaf is one of these: as text, or as the same number (42 is 42.0)."""
    numbers = {
        read_number(each.literal)
        for each in patterns
        if each.literal is not None and NUMBER.fullmatch(each.literal)
    }

    def holds(leaf: Any) -> bool:
        text = text_of(leaf)
        return number_in(leaf) in numbers or (
            text is not None and any(pattern.matches(text) for pattern in patterns)
        )

    return holds
