"""How a store comes to what a query finds: what an index narrows, what columns tell, what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from ..instants import Instant
from ..projections.tasks import TaskState
from .needles import Needles, needles_of
from .terms import InState, Measure, Measured, Mentions, Name, Named, Op, Prose, Query, Term

COLUMNS = frozenset({Name.ID, Name.NAME, Name.ENGINE, Name.QUEUE, Name.WORKER, Name.FINGERPRINT})
LAST = 2**63 - 1


class Index(StrEnum):
    """Each holds its tasks in the order of their last events."""

    ID = "id"
    FINGERPRINT = "fingerprint"
    STATE = "state"
    NAME = "name"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    index: Index = Index.NEWEST
    key: str | None = None
    """The one value that the index is asked for."""
    since: Instant = -1
    """Inclusive, by the last event; `until` is exclusive."""
    until: Instant = LAST
    columns: tuple[Term, ...] = ()
    """What columns tell exactly: `InState`, and `Named` of a field in COLUMNS."""
    needles: tuple[Needles, ...] = ()
    """Of each of these, one must be in the document in lower case."""
    anywhere: tuple[Needles, ...] = ()
    """The same, but it may be in the task's id instead."""
    told: bool = True
    """Whether columns tell it all; otherwise the meaning has to be asked."""

    @property
    def sifts(self) -> bool:
        """Whether the index leads to tasks that are not wanted."""
        return bool(self.columns) or not self.told


def plan_of(query: Query) -> Plan:
    since, until = _window(query)
    columns = tuple(term for term in query.terms if _in_column(term))
    others = [term for term in query.terms if not _in_column(term) and not _is_bound(term)]
    index, key, answered = _narrowest(columns)
    return Plan(
        index=index,
        key=key,
        since=since,
        until=until,
        columns=tuple(term for term in columns if term is not answered),
        needles=_needles(term for term in others if not _may_be_in_id(term)),
        anywhere=_needles(term for term in others if _may_be_in_id(term)),
        told=not others,
    )


def _window(query: Query) -> tuple[Instant, Instant]:
    since, until = -1, LAST
    for term in query.terms:
        match term:
            case Term(Measured(Measure.LAST_EVENT, Op.AT_LEAST, at), negated=False):
                since = max(since, int(at))
            case Term(Measured(Measure.LAST_EVENT, Op.LESS, at), negated=False):
                until = min(until, int(at))
            case _:
                pass
    return since, until


def _is_bound(term: Term) -> bool:
    """Whether the window says it."""
    match term:
        case Term(Measured(Measure.LAST_EVENT, Op.AT_LEAST | Op.LESS), negated=False):
            return True
        case _:
            return False


def _in_column(term: Term) -> bool:
    match term.condition:
        case InState():
            return True
        case Named(field):
            return field in COLUMNS
        case _:
            return False


def _narrowest(columns: Iterable[Term]) -> tuple[Index, str | None, Term | None]:
    """The index to read, its key, and the term that it answers. Most tasks succeed."""
    found = sorted(_indexed(columns), key=lambda each: each[0])
    return found[0][1:] if found else (Index.NEWEST, None, None)


def _indexed(columns: Iterable[Term]) -> Iterator[tuple[int, Index, str, Term]]:
    for term in columns:
        match term:
            case Term(Named(Name.ID, (pattern,)), negated=False) if pattern.literal is not None:
                yield 0, Index.ID, pattern.literal, term
            case Term(Named(Name.FINGERPRINT, (pattern,)), negated=False) if (
                pattern.literal is not None
            ):
                yield 1, Index.FINGERPRINT, pattern.literal, term
            case Term(Named(Name.NAME, (pattern,)), negated=False) if pattern.literal is not None:
                yield 3, Index.NAME, pattern.literal, term
            case Term(InState(states), negated=False) if len(states) == 1:
                (state,) = states
                weight = 4 if state is TaskState.SUCCEEDED else 2
                yield weight, Index.STATE, state.value, term
            case _:
                pass


def _needles(terms: Iterable[Term]) -> tuple[Needles, ...]:
    return tuple(needles for term in terms if (needles := needles_of(term)) is not None)


def _may_be_in_id(term: Term) -> bool:
    match term.condition:
        case Mentions(Prose.TEXT):
            return True
        case _:
            return False
