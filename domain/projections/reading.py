"""What a store reads to answer with sums of a window, and how they come of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from ..instants import MINUTE, Instant
from .periods import SHORTEST, Cover, Period, Span, cover
from .sums import Sum, Sums

Row: TypeAlias = tuple[str, str, Instant, Any]
"""Engine, name, start of the minute or period, document."""
ATTEMPTS: Final = 3
"""So often sums may vanish, because something late is counted, before minutes alone are read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows by name, and rows of all names together, of periods; and minutes by name."""

    step: Instant
    names: Cover
    points: Cover
    narrowed: bool
    """To some names: these have no rows of all together, the points come of the rows by name."""

    @property
    def by_name(self) -> Sequence[Span]:
        return self.names.summed

    @property
    def of_all(self) -> Sequence[Span]:
        if self.narrowed or self.step >= SHORTEST:
            return () if self.narrowed else self.points.summed
        return [span._replace(length=MINUTE) for span in self.points.summed]

    @property
    def minutes(self) -> Sequence[Span]:
        spans: list[Span] = []
        for span in sorted({*self.names.minutes, *self.points.minutes}):
            if spans and span.since <= spans[-1].until:
                spans[-1] = spans[-1]._replace(until=max(spans[-1].until, span.until))
            else:
                spans.append(span)
        return spans

    @property
    def relied_on(self) -> Sequence[Span]:
        """All of these periods must be summed up still when the rows are read."""
        return sorted({*self.names.summed, *self.points.summed})

    def sums(self, by_name: Iterable[Row], of_all: Iterable[Row], minutes: Iterable[Row]) -> Sums:
        sums, step = Sums(), self.step
        for engine, name, at, document in by_name:
            sums.names[engine, name].add(document)
            if self.narrowed:
                sums.points[at - at % step].add(document)
        for _, _, at, document in of_all:
            sums.points[at - at % step].add(document)
        for engine, name, at, document in minutes:
            if any(span.holds(at) for span in self.names.minutes):
                sums.names[engine, name].add(document)
            if any(span.holds(at) for span in self.points.minutes):
                sums.points[at - at % step].add(document)
        for key in [key for key, each in sums.names.items() if each.is_empty]:
            del sums.names[key]
        return sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is asked for. `since` is the start of a minute."""

    since: Instant
    until: Instant
    step: Instant
    engine: str | None = None
    name: str | None = None

    def reading(self, summed: Collection[Period] = ()) -> Reading:
        """What to read where these periods are summed up."""
        narrowed = self.engine is not None or self.name is not None
        longest = self.step if narrowed else max(self.step, SHORTEST)
        points = cover(self.since, self.until, summed, longest=longest)
        names = points if narrowed else cover(self.since, self.until, summed)
        return Reading(self.step, names, points, narrowed)


def window_of(period: Period) -> Window:
    """What to ask for to sum it up."""
    step = MINUTE if period.length == SHORTEST else period.length
    return Window(since=period.start, until=period.end, step=step)


def rows_of(period: Period, sums: Sums) -> Iterator[tuple[Period, bool, str, str, Sum]]:
    """What is stored of its sums: whether of all names together, engine, name, and the sum."""
    whole = Sum()
    for (engine, name), each in sums.names.items():
        whole.merge(each)
        yield period, False, engine, name, each
    yield period, True, "", "", whole
    if period.length == SHORTEST:
        for minute, each in sums.points.items():
            yield Period(MINUTE, minute), True, "", "", each


def count_of(spans: Iterable[Span]) -> int:
    """How many periods."""
    return sum((span.until - span.since) // span.length for span in spans)
