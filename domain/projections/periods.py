"""Closed periods whose minutes are summed up ahead of reading, and what is to be read for a window."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ..instants import DAY, HOUR, MINUTE, Instant

SHORTEST: Final = 5 * MINUTE
LENGTHS: Final = (SHORTEST, 15 * MINUTE, HOUR, 6 * HOUR, DAY)
"""Each divides the next, and all divide the UTC day or are one."""
MARGIN: Final = 5 * MINUTE
"""After its end a period is left alone so long: longer than a transaction lasts, and than clocks of
replicas differ."""


FINE_DAYS: Final = 3
"""Parts of hours are summed up of so many days only: longer windows need few of them."""


class Period(NamedTuple):
    length: Instant
    start: Instant

    @property
    def end(self) -> Instant:
        return self.start + self.length


class Span(NamedTuple):
    """All periods of a length that begin within; of length 0: minutes that are not summed up."""

    length: Instant
    since: Instant
    until: Instant

    def holds(self, at: Instant) -> bool:
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class Cover:
    """A window in pieces that do not overlap, in the order of time."""

    summed: Sequence[Span]
    minutes: Sequence[Span]
    """What no sum is there for."""


def cover(
    since: Instant, until: Instant, summed: Collection[Period], *, longest: Instant = DAY
) -> Cover:
    """The fewest pieces: the longest of the periods that are summed up, and minutes in between."""
    spans: list[Span] = []
    for piece in _pieces(since, until, summed, longest):
        last = spans[-1] if spans else None
        if last is not None and last.length == piece.length:
            spans[-1] = last._replace(until=piece.until)
        else:
            spans.append(piece)
    return Cover([s for s in spans if s.length], [s for s in spans if not s.length])


def sums_with(minute: Instant) -> Iterator[Period]:
    """Everything that is summed up with this minute: periods that hold it, and the minutes that are
    summed up along with the shortest of them."""
    shortest = minute - minute % SHORTEST
    for start in range(shortest, shortest + SHORTEST, MINUTE):
        yield Period(MINUTE, start)
    for length in LENGTHS:
        yield Period(length, minute - minute % length)


def closed(length: Instant, since: Instant, now: Instant) -> Span:
    """The periods of this length that may be summed up now, from the one on that holds `since`."""
    if length < HOUR:
        since = max(since, now - FINE_DAYS * DAY)
    until = now - MARGIN
    return Span(length, since - since % length, until - until % length)


def _pieces(
    since: Instant, until: Instant, summed: Collection[Period], longest: Instant
) -> Iterator[Span]:
    lengths = [length for length in reversed(LENGTHS) if length <= longest]
    at = since
    while at < until:
        fitting = (
            length
            for length in lengths
            if at % length == 0 and at + length <= until and Period(length, at) in summed
        )
        length = next(fitting, 0)
        end = at + length if length else min(until, at - at % SHORTEST + SHORTEST)
        yield Span(length, at, end)
        at = end
