"""What a query comes down to. A task is found when every term holds of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ..projections.tasks import TaskState


class Op(StrEnum):
    IS = ":"
    MORE = ">"
    LESS = "<"
    AT_LEAST = ">="
    AT_MOST = "<="


class Name(StrEnum):
    """What names a task, or what it belongs to: the whole value counts, and its case."""

    ID = "id"
    NAME = "name"
    ENGINE = "engine"
    QUEUE = "queue"
    WORKER = "worker"
    PARENT = "parent"
    ROOT = "root"
    TAG = "tag"
    PRIORITY = "priority"
    FINGERPRINT = "fingerprint"


class Prose(StrEnum):
    """What is looked into: any part counts, whatever the case of A to Z."""

    TEXT = "text"
    ERROR = "error"
    EXCEPTION = "exception"
    MESSAGE = "message"


class Measure(StrEnum):
    """What has more and less. Durations and times are microseconds."""

    ATTEMPTS = "attempts"
    RUNTIME = "runtime"
    WAIT = "wait"
    RECEIVED = "received"
    STARTED = "started"
    FINISHED = "finished"
    LAST_EVENT = "last_event"


class Root(StrEnum):
    """Where a path begins. `args` looks into args and kwargs."""

    ARGS = "args"
    KWARGS = "kwargs"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Literal pieces, with anything in between: `send_*` is `("send_", "")`."""

    pieces: tuple[str, ...]

    @property
    def literal(self) -> str | None:
        """The one text that it matches, if there is only one."""
        return self.pieces[0] if len(self.pieces) == 1 else None

    def matches(self, text: str) -> bool:
        """Whether this is the whole text."""
        if len(self.pieces) == 1:
            return text == self.pieces[0]
        first, *between, last = self.pieces
        if not text.startswith(first) or not text.endswith(last):
            return False
        end = len(text) - len(last)
        place = len(first)
        for piece in between:
            found = text.find(piece, place, end)
            if found < 0:
                return False
            place = found + len(piece)
        return place <= end

    def found_in(self, text: str) -> bool:
        """Whether the pieces are somewhere in the text, in this order."""
        place = 0
        for piece in self.pieces:
            found = text.find(piece, place)
            if found < 0:
                return False
            place = found + len(piece)
        return True


@dataclass(frozen=True, slots=True)
class InState:
    states: frozenset[TaskState]


@dataclass(frozen=True, slots=True)
class Named:
    """One of the patterns is the whole value."""

    field: Name
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Mentions:
    """One of the patterns is part of the text."""

    field: Prose
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What is not known is neither more nor less."""

    field: Measure
    op: Op
    value: int | float


@dataclass(frozen=True, slots=True)
class Path:
    root: Root
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueIs:
    """One of the patterns is the whole of a value at the path."""

    path: Path
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class ValueMeasured:
    """A number at the path is more or less."""

    path: Path
    op: Op
    value: int | float


Condition: TypeAlias = InState | Named | Mentions | Measured | ValueIs | ValueMeasured


@dataclass(frozen=True, slots=True)
class Term:
    condition: Condition
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All terms hold together; without any, every task is found."""

    terms: tuple[Term, ...] = ()

    def __and__(self, other: Query) -> Query:
        return Query(self.terms + other.terms)
