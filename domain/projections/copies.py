"""Copies: what Celery's event monitor repeats of that which the worker's signals told (§6.3).

A copy bears the time at which an agent read it. A busy worker of the solo or threads pool reads
its stream seconds or minutes late, so nearness alone does not tell a copy from a run of its own.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from ..instants import Instant
from .marks import COPY_WINDOW, UNKNOWN_RUNTIME, Mark, Rank, Source

Times: TypeAlias = Mapping[int, list[Instant]]
"""Of receipts and starts, by rank; each list sorted."""


def without_copies(marks: Sequence[Mark], continued: bool) -> Iterable[Mark]:
    """The marks without the monitor's copies; a copy's runtime goes to the one that is kept.

    `continued` where marks before these were let go, of which there may be copies among these.
    """
    kept = [mark for mark in marks if mark[2] == Source.DIRECT]
    if len(kept) == len(marks):
        return marks
    outspoken = _outspoken_nodes(marks)
    begun = (Rank.RECEIVED, Rank.STARTED)
    times: Times = {rank: [mark[0] for mark in kept if mark[1] == rank] for rank in begun}
    for mark in marks:
        if mark[2] == Source.DIRECT:
            continue
        original = _near_original_of(mark, kept, times)
        if original is None:
            original = _late_original_of(mark, kept, mark[2] in outspoken)
        if original is not None:
            if kept[original][3] == UNKNOWN_RUNTIME:
                kept[original] = (*kept[original][:3], mark[3])
        elif not (continued and mark[2] in outspoken):
            kept.append(mark)
            if mark[1] in times:
                insort(times[mark[1]], mark[0])
    return sorted(kept)


def _outspoken_nodes(marks: Iterable[Mark]) -> set[int]:
    """The nodes whose signals tell of starts, so that the monitor has nothing to add to them.

    Signals do not name their node: each start speaks for the node of the first copy after it.
    """
    nodes: set[int] = set()
    unanswered = 0
    # Clocks differ: a copy may seem to come before what it repeats.
    starts = sorted(
        (mark[0] - (COPY_WINDOW if mark[2] == Source.DIRECT else 0), mark[2])
        for mark in marks
        if mark[1] == Rank.STARTED
    )
    for _, source in starts:
        if source == Source.DIRECT:
            unanswered += 1
        elif unanswered:
            unanswered -= 1
            nodes.add(source)
    return nodes


def _near_original_of(copy: Mark, kept: Sequence[Mark], times: Times) -> int | None:
    """Where the mark stands that this one repeats: the nearest of the same kind, if near enough."""
    at, rank = copy[0], copy[1]
    nearest, distance = None, COPY_WINDOW + 1
    for place, mark in enumerate(kept):
        apart = abs(mark[0] - at)
        if mark[1] == rank and apart < distance and not _are_parted(mark[0], at, rank, times):
            nearest, distance = place, apart
    return nearest


def _are_parted(one: Instant, other: Instant, rank: int, times: Times) -> bool:
    """Whether two reports of a kind are of two runs, however near: a task that is retried within
    the window was received again between two starts, and started again between two ends."""
    if rank == Rank.RECEIVED:
        return False
    between = times[Rank.RECEIVED if rank == Rank.STARTED else Rank.STARTED]
    begun, ended = min(one, other), max(one, other)
    # The first receipt may seem to come after its start, where clocks differ.
    after = max([begun, *times[Rank.RECEIVED][:1]])
    place = bisect_right(between, after)
    return place < len(between) and between[place] < ended


def _late_original_of(copy: Mark, kept: Sequence[Mark], outspoken: bool) -> int | None:
    """The last signal of the same kind before it, however long ago, if it can be no other's copy:
    of a node that tells all by signals, or of an end after which nothing began."""
    at, rank = copy[0], copy[1]
    original: int | None = None
    for place, mark in enumerate(kept):
        # Those of signals come first in `kept`, and sorted.
        if mark[0] <= at and mark[1] == rank and mark[2] == Source.DIRECT:
            original = place
    if original is None or outspoken:
        return original
    if rank < Rank.RETRIED:
        return None
    ended = kept[original][0]
    began_again = any(ended < mark[0] <= at and mark[1] < Rank.RETRIED for mark in kept)
    return None if began_again else original
