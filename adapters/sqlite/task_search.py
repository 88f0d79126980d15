"""Searches as SQL: fixed parts of sql/search.sql, with every value as a parameter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from ...domain.instants import Instant
from ...domain.search.needles import said_by
from ...domain.search.plan import Plan
from ...domain.search.scan import Scan
from ...domain.search.terms import InState, Name, Named, Pattern, Term
from ..wire import OrjsonCodec
from .statements import statements

_SQL = statements("search")
_CODEC = OrjsonCodec()
_ESCAPES = str.maketrans({"*": "[*]", "?": "[?]", "[": "[[]"})

Part: TypeAlias = tuple[str, tuple[object, ...]]
Statement: TypeAlias = tuple[str, list[object]]
Wanted: TypeAlias = Literal["tasks", "items"]
"""Documents, or state and time alone."""


def floor_statement(number: int | None, scan: Scan, step: int) -> Statement:
    """Where so many tasks of the index end."""
    place = _place(number, scan.plan, scan.plan.since, scan.upto)
    return _SQL[f"floor_{scan.plan.index}"], [*place, step - 1]


def step_statement(
    number: int | None, scan: Scan, floor: Instant | None, *, wanted: Wanted = "tasks"
) -> Statement:
    """The tasks down to the floor that columns and needles do not rule out, in one text of JSON."""
    plan, before = scan.plan, scan.before
    place = _place(number, plan, plan.since if floor is None else floor, scan.upto)
    parts = [
        (_SQL[f"from_{plan.index}"], place),
        (_SQL["before"], (before.at, before.engine, before.task_id)),
        *_conditions(plan),
    ]
    selected = "\n   AND ".join(text for text, _ in parts)
    found = f"{_SQL[f'{wanted}_as_json']} ({_SQL[wanted]} {selected}\n {_SQL['end']})"
    return found, [*(value for _, values in parts for value in values), _most(scan)]


def _most(scan: Scan) -> int:
    """Of what the meaning may still refuse, all."""
    return scan.wanted if scan.plan.told else -1


def _place(
    number: int | None, plan: Plan, since: Instant, upto: Instant
) -> tuple[int | str | None, ...]:
    return (number, *([] if plan.key is None else [plan.key]), since, upto)


def _conditions(plan: Plan) -> Iterator[Part]:
    for term in plan.columns:
        text, value = _of_column(term)
        yield (f"{_SQL['not']} {text}" if term.negated else text), (value,)
    for needles in plan.needles:
        yield _SQL["in_document"], (_json(needles),)
    for needles in plan.anywhere:
        yield _SQL["in_id_or_document"], (_json(said_by(needles)), _json(needles))


def _of_column(term: Term) -> tuple[str, str]:
    match term.condition:
        case InState(states):
            return _SQL["state_is"], _json(sorted(states))
        case Named(field, patterns):
            return _named(field, patterns)
        case condition:
            raise AssertionError(f"no column tells {condition}")


def _named(field: Name, patterns: tuple[Pattern, ...]) -> tuple[str, str]:
    literals = [each.literal for each in patterns]
    if None not in literals:
        return _SQL[f"{field}_is"], _json(literals)
    return _SQL[f"{field}_like"], _json(map(_glob, patterns))


def _glob(pattern: Pattern) -> str:
    return "*".join(piece.translate(_ESCAPES) for piece in pattern.pieces)


def _json(values: Iterable[object]) -> str:
    return _CODEC.dumps(list(values)).decode()
