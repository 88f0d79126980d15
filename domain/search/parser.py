"""Tokens to terms. Relative times are resolved here, once, so that all pages mean the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..instants import Instant
from ..projections.tasks import TaskState
from .fields import FIELDS, STATES, Bound, State
from .lexer import DEEPEST_PATH, Token, Value, tokens
from .refusals import nearest, refusal
from .terms import (
    Condition,
    InState,
    Measure,
    Measured,
    Mentions,
    Name,
    Named,
    Op,
    Path,
    Pattern,
    Prose,
    Query,
    Root,
    Term,
    ValueIs,
    ValueMeasured,
)
from .values import read_duration, read_number, read_time

ReadT = TypeVar("ReadT")

_DURATIONS = (Measure.RUNTIME, Measure.WAIT)
_TIMES = (Measure.RECEIVED, Measure.STARTED, Measure.FINISHED)


def parse_query(text: str, *, now: Instant) -> Query:
    """Raises InvalidInput with `field`, `at`, `length` and `hint`."""
    _refuse_what_is_no_text(text)
    return Query(tuple(Term(_condition(token, now), token.negated) for token in tokens(text)))


def _condition(token: Token, now: Instant) -> Condition:
    if not token.field:
        return Mentions(Prose.TEXT, (_something(token.values[0]),))
    match _kind_of(token):
        case State():
            _only_is(token)
            return InState(frozenset(map(_state, token.values)))
        case Name() as name:
            _only_is(token)
            return Named(name, _patterns(token))
        case Prose() as prose:
            _only_is(token)
            return Mentions(prose, tuple(map(_something, token.values)))
        case Bound() as bound:
            _only_is(token)
            at = _read(token, lambda text: read_time(text, now), _TIME)
            return Measured(Measure.LAST_EVENT, bound.value, at)
        case Root() as root:
            return _at_path(token, Path(root, token.field[1:]))
        case Measure() as measure:
            return _measured(token, measure, now)


def _measured(token: Token, measure: Measure, now: Instant) -> Condition:
    if measure in _DURATIONS:
        _only_more_or_less(token, "5s")
        return Measured(measure, token.op, _read(token, read_duration, _DURATION))
    if measure in _TIMES:
        _only_more_or_less(token, "2h")
        at = _read(token, lambda text: read_time(text, now), _TIME)
        return Measured(measure, token.op, at)
    return Measured(measure, token.op, _read(token, read_number, _NUMBER))


def _at_path(token: Token, path: Path) -> Condition:
    if len(path.keys) > DEEPEST_PATH or "" in path.keys:
        raise refusal(
            f"a path has up to {DEEPEST_PATH} parts, none of them empty",
            at=token.at + token.negated,
            length=token.field_length - 1,
        )
    if token.op is Op.IS:
        return ValueIs(path, _patterns(token))
    return ValueMeasured(path, token.op, _read(token, read_number, _NUMBER))


def _kind_of(token: Token) -> State | Name | Prose | Measure | Bound | Root:
    word, at = token.field[0], token.at + token.negated
    kind = FIELDS.get(word.lower())
    if kind is None:
        meant = nearest(word, FIELDS)
        hint = f"did you mean {meant}?" if meant else "put text to look for in quotes"
        raise refusal(f"there is no field {word!r}", at=at, length=len(word), hint=hint)
    if len(token.field) > 1 and not isinstance(kind, Root):
        raise refusal(
            f"{word} has no parts",
            at=at,
            length=token.field_length - 1,
            hint="only args, kwargs and result have",
        )
    return kind


_NUMBER = "write a number, like 3"
_DURATION = "write a duration, like 5s, 250ms or 1h30m"
_TIME = "write how long ago, like 2h or 3d, or a time, like 10:00 or 2026-02-03T04:05:06Z (UTC)"


def _read(token: Token, read: Callable[[str], ReadT], hint: str) -> ReadT:
    """The one value of a token, which is no pattern."""
    if len(token.values) > 1:
        second = token.values[1]
        raise refusal("one value will do here", at=second.at, length=second.length)
    (value,) = token.values
    literal = value.pattern.literal
    try:
        if literal is None:
            raise ValueError("a pattern")
        return read(literal)
    except ValueError:
        message = f"{token.field[0]} cannot be {_shown(value.pattern)!r}"
        raise refusal(message, at=value.at, length=value.length, hint=hint) from None


def _patterns(token: Token) -> tuple[Pattern, ...]:
    return tuple(value.pattern for value in token.values)


def _something(value: Value) -> Pattern:
    if not any(value.pattern.pieces):
        raise refusal(
            "there is nothing to look for here", at=value.at, length=value.length,
            hint="write some text",
        )  # fmt: skip
    return value.pattern


def _state(value: Value) -> TaskState:
    word = _shown(value.pattern)
    state = STATES.get(word.lower())
    if state is None:
        meant = nearest(word, STATES)
        hint = f"did you mean {meant}?" if meant else f"known: {', '.join(TaskState)}"
        raise refusal(f"there is no state {word!r}", at=value.at, length=value.length, hint=hint)
    return state


def _shown(pattern: Pattern) -> str:
    return "*".join(pattern.pieces)


def _only_is(token: Token) -> None:
    if token.op is not Op.IS:
        raise refusal(
            f"{token.field[0]} is neither more nor less",
            at=token.at,
            length=token.length,
            hint=f"write {token.field[0]}:…",
        )


def _only_more_or_less(token: Token, example: str) -> None:
    if token.op is Op.IS:
        word = token.field[0]
        raise refusal(
            f"{word} is compared",
            at=token.at,
            length=token.length,
            hint=f"write {word}>{example} or {word}<{example}",
        )


def _refuse_what_is_no_text(text: str) -> None:
    for at, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise refusal("this is no text", at=at, length=1)
