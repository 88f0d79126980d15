"""Text to tokens: `-field:value,value`, `field>value` or a free word, each with its place.

A value is a run of bare and of "quoted" parts, as in a shell; `*` stands for anything, outside of
quotes. Within quotes `\\"` and `\\\\` mean what they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .refusals import refusal
from .terms import Op, Pattern

MOST_CHARACTERS = 2_000
MOST_TERMS = 50
MOST_VALUES = 50
DEEPEST_PATH = 8

_SPACE = " \t\r\n"
_OPERATORS = tuple(sorted(Op, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Value:
    pattern: Pattern
    at: int
    length: int


@dataclass(frozen=True, slots=True)
class Token:
    at: int
    length: int
    negated: bool
    field: tuple[str, ...]
    """The parts of `args.user.id`; empty for a free word."""
    field_length: int
    op: Op
    values: tuple[Value, ...]


def tokens(text: str) -> Iterator[Token]:
    """Raises InvalidInput."""
    if len(text) > MOST_CHARACTERS:
        raise refusal(
            f"a query has at most {MOST_CHARACTERS} characters, this one {len(text)}",
            at=MOST_CHARACTERS,
            length=len(text) - MOST_CHARACTERS,
        )
    reader = _Reader(text)
    for number in range(MOST_TERMS + 1):
        token = reader.token()
        if token is None:
            return
        if number == MOST_TERMS:
            raise refusal(
                f"a query has at most {MOST_TERMS} terms", at=token.at, length=token.length
            )
        yield token


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def token(self) -> Token | None:
        while self._peek() and self._peek() in _SPACE:
            self._at += 1
        if not self._peek():
            return None
        start = self._at
        negated = self._peek() == "-"
        self._at += negated
        begin = self._at
        field = self._field()
        op = self._operator() if field else None
        if field and op is not None:
            length = self._at - begin
            # `runtime:>5s` says the same as `runtime>5s`.
            op = (self._operator() or op) if op is Op.IS else op
            values = tuple(self._values())
        else:
            self._at, field, length, op = begin, (), 0, Op.IS
            values = (self._value(_SPACE),)
        return Token(start, self._at - start, negated, field, length, op, values)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _field(self) -> tuple[str, ...]:
        """The parts of a field's name, or nothing where none begins."""
        if not self._peek().isalpha():
            return ()
        parts = [self._bare_part()]
        while self._peek() == ".":
            self._at += 1
            parts.append(self._quoted() if self._peek() == '"' else self._bare_part())
        return tuple(parts)

    def _bare_part(self) -> str:
        start = self._at
        while self._peek().isalnum() or self._peek() in ("_", "-"):
            self._at += 1
        return self._text[start : self._at]

    def _operator(self) -> Op | None:
        for op in _OPERATORS:
            if self._text.startswith(op.value, self._at):
                self._at += len(op.value)
                return op
        return None

    def _values(self) -> Iterator[Value]:
        yield self._value(_SPACE + ",")
        for _ in range(MOST_VALUES - 1):
            if self._peek() != ",":
                return
            self._at += 1
            yield self._value(_SPACE + ",")
        if self._peek() == ",":
            raise refusal(f"a term has at most {MOST_VALUES} values", at=self._at, length=1)

    def _value(self, ends: str) -> Value:
        start, pieces = self._at, [""]
        while self._peek() and self._peek() not in ends:
            if self._peek() == '"':
                pieces[-1] += self._quoted()
                continue
            if self._peek() == "*":
                pieces.append("")
            else:
                pieces[-1] += self._peek()
            self._at += 1
        if start == self._at:
            raise refusal(
                "a value is missing here", at=start, length=0, hint='write "" for an empty one'
            )
        return Value(Pattern(tuple(pieces)), start, self._at - start)

    def _quoted(self) -> str:
        start, said = self._at, ""
        self._at += 1
        while (character := self._peek()) != '"':
            if not character:
                raise refusal(
                    "this quote is never closed",
                    at=start,
                    length=self._at - start,
                    hint='close it with ", and write \\" for a quote within quotes',
                )
            if character == "\\" and self._text[self._at + 1 : self._at + 2] in ('"', "\\"):
                self._at += 1
            said += self._peek()
            self._at += 1
        self._at += 1
        return said
