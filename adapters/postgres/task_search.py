"""Searches as SQL: fixed parts of sql/search.sql, with every value as a parameter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, LiteralString, TypeAlias

from ...domain.instants import Instant
from ...domain.search.needles import said_by
from ...domain.search.plan import Plan
from ...domain.search.scan import Scan
from ...domain.search.terms import InState, Name, Named, Pattern, Term
from .statements import statements
from .texts import to_column

_SQL = statements("search")
_ESCAPES = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})

Part: TypeAlias = tuple[LiteralString, Sequence[object]]
Statement: TypeAlias = tuple[LiteralString, Sequence[object]]
Wanted: TypeAlias = Literal["tasks", "items"]
"""Documents, or state and time alone."""


def floor_statement(number: int | None, scan: Scan, step: int) -> Statement:
    """Where so many tasks of the index end."""
    place = _place(number, scan.plan, scan.plan.since, scan.upto)
    return _SQL[f"floor_{scan.plan.index}"], [*place, step - 1]


def step_statement(
    number: int | None, scan: Scan, floor: Instant | None, *, wanted: Wanted = "tasks"
) -> Statement:
    """The tasks down to the floor that columns and needles do not rule out."""
    plan, before = scan.plan, scan.before
    place = _place(number, plan, plan.since if floor is None else floor, scan.upto)
    parts: list[Part] = [
        (_SQL[f"from_{plan.index}"], place),
        (_SQL["before"], (before.at, to_column(before.engine), to_column(before.task_id))),
        *_conditions(plan),
    ]
    text: LiteralString = "\n   AND ".join(part for part, _ in parts)
    # Of what the meaning may still refuse, all.
    most = scan.wanted if plan.told else None
    found: LiteralString = f"{_SQL[wanted]} {text}\n {_SQL['end']}"
    return found, [*(value for _, values in parts for value in values), most]


def _place(
    number: int | None, plan: Plan, since: Instant, upto: Instant
) -> tuple[int | str | None, ...]:
    key = [] if plan.key is None else [to_column(plan.key)]
    return (number, *key, since, upto)


def _conditions(plan: Plan) -> Iterator[Part]:
    for term in plan.columns:
        text, value = _of_column(term)
        yield (f"{_SQL['not']} {text}" if term.negated else text), (value,)
    for needles in plan.needles:
        yield _SQL["in_document"], (list(needles),)
    for needles in plan.anywhere:
        yield _SQL["in_id_or_document"], (_columns(said_by(needles)), list(needles))


def _of_column(term: Term) -> tuple[LiteralString, list[str]]:
    match term.condition:
        case InState(states):
            return _SQL["state_is"], sorted(states)
        case Named(field, patterns):
            return _named(field, patterns)
        case condition:
            raise AssertionError(f"no column tells {condition}")


def _named(field: Name, patterns: tuple[Pattern, ...]) -> tuple[LiteralString, list[str]]:
    literals = [each.literal for each in patterns if each.literal is not None]
    if len(literals) == len(patterns):
        return _SQL[f"{field}_is"], _columns(literals)
    return _SQL[f"{field}_like"], [_like(each) for each in patterns]


def _like(pattern: Pattern) -> str:
    return "%".join(to_column(piece).translate(_ESCAPES) for piece in pattern.pieces)


def _columns(texts: Iterable[str]) -> list[str]:
    return [to_column(text) for text in texts]
