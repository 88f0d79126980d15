"""The usual conditions without the language: what lists take as parameters of their own."""

from __future__ import annotations

from collections.abc import Iterator

from ..instants import Instant
from ..projections.tasks import TaskState
from .terms import (
    Condition,
    InState,
    Measure,
    Measured,
    Mentions,
    Name,
    Named,
    Op,
    Pattern,
    Prose,
    Query,
    Term,
)


def filtered(
    *,
    states: frozenset[TaskState] | None = None,
    name: str | None = None,
    engine: str | None = None,
    queue: str | None = None,
    worker: str | None = None,
    text: str | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
) -> Query:
    """All conditions hold together; None means any. Names may have `*` for anything.

    `since` is inclusive, `until` exclusive, by the task's last event.
    """
    names = {Name.NAME: name, Name.ENGINE: engine, Name.QUEUE: queue, Name.WORKER: worker}

    def conditions() -> Iterator[Condition]:
        if states is not None:
            yield InState(states)
        for field, value in names.items():
            if value is not None:
                yield Named(field, (Pattern(tuple(value.split("*"))),))
        if text is not None:
            yield Mentions(Prose.TEXT, (Pattern((text,)),))
        if since is not None:
            yield Measured(Measure.LAST_EVENT, Op.AT_LEAST, since)
        if until is not None:
            yield Measured(Measure.LAST_EVENT, Op.LESS, until)

    return Query(tuple(map(Term, conditions())))
