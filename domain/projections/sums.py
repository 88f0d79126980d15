"""Statistics of longer periods: many rows of minutes taken together, at the price of few additions.

A sum reads documents of minutes and of other sums. Its histograms may be written as one large number
with 32 bits a bucket, so that merging two is one addition.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from ..instants import Instant
from .histogram import Histogram, places_of, value_of
from .statistics import COUNTED, SHARES, MinuteStatistics, Percentiles, WindowStatistics

LANE_BITS: Final = 32
MOST: Final = (1 << LANE_BITS) - 1
EMPTY_LANES: Final = 4
"""For each bucket that is counted; with more of them, buckets by themselves are read as quickly."""

TaskName: TypeAlias = tuple[str, str]
"""Engine and name."""


@dataclass(slots=True)
class MergedHistogram:
    """Histograms taken together. Buckets are counted apart, or all in one number, or both."""

    apart: dict[str, int] = field(default_factory=dict)
    lanes: int = 0

    def add(self, written: Any) -> None:
        if isinstance(written, str):
            lowest, _, digits = written.partition(":")
            self.lanes += int(digits, 16) << LANE_BITS * int(lowest)
            return
        apart = self.apart
        for bucket, count in written.items():
            apart[bucket] = apart.get(bucket, 0) + count

    def merge(self, other: MergedHistogram) -> None:
        self.add(other.apart)
        self.lanes += other.lanes

    def counts(self) -> Histogram:
        found = {int(bucket): count for bucket, count in self.apart.items() if count}
        for bucket, count in enumerate(_unpacked(self.lanes)):
            if count:
                found[bucket] = found.get(bucket, 0) + count
        return found

    def percentiles(self) -> Percentiles:
        """Quicker than of `counts`, which holds each bucket by itself."""
        if not self.lanes:
            return Percentiles.of(self.counts())
        counts = list(_unpacked(self.lanes))
        for bucket, count in self.apart.items():
            place = int(bucket)
            if place >= len(counts):
                counts += [0] * (place + 1 - len(counts))
            counts[place] += count
        places = places_of(counts, SHARES)
        return Percentiles(*(None if place is None else value_of(place) for place in places))

    def written(self) -> dict[str, int] | str:
        """In the way that `add` reads more quickly: as one number, unless most lanes would be empty."""
        counts = self.counts()
        if not counts or _is_odd(counts):
            return {str(bucket): count for bucket, count in counts.items()}
        lowest, size = min(counts), max(counts) - min(counts) + 1
        if size > EMPTY_LANES * len(counts):
            return {str(bucket): count for bucket, count in counts.items()}
        lanes = struct.pack(f"<{size}I", *(counts.get(lowest + lane, 0) for lane in range(size)))
        return f"{lowest}:{int.from_bytes(lanes, 'little'):x}"


@dataclass(slots=True)
class Sum:
    """Any number of minutes, of one task name or of many."""

    counts: dict[str, int] = field(default_factory=dict)
    runs: MergedHistogram = field(default_factory=MergedHistogram)
    waits: MergedHistogram = field(default_factory=MergedHistogram)
    run_total_us: int = 0

    def add(self, document: Mapping[str, Any]) -> None:
        """The document of a minute or of another sum."""
        counts = self.counts
        for what, number in document["c"].items():
            counts[what] = counts.get(what, 0) + number
        self.runs.add(document["r"])
        self.waits.add(document["w"])
        self.run_total_us += document["t"]

    def merge(self, other: Sum) -> None:
        for what, number in other.counts.items():
            self.counts[what] = self.counts.get(what, 0) + number
        self.runs.merge(other.runs)
        self.waits.merge(other.waits)
        self.run_total_us += other.run_total_us

    @property
    def is_empty(self) -> bool:
        return not (
            any(self.counts.values())
            or self.run_total_us
            or self.runs.counts()
            or self.waits.counts()
        )

    def to_document(self) -> dict[str, Any]:
        return {
            "c": {what: number for what, number in self.counts.items() if number},
            "r": self.runs.written(),
            "w": self.waits.written(),
            "t": self.run_total_us,
        }

    def window(self) -> WindowStatistics:
        return WindowStatistics(
            {what: self.counts.get(what, 0) for what in COUNTED},
            self.runs.percentiles(),
            self.waits.percentiles(),
            self.run_total_us,
        )


@dataclass(slots=True)
class Sums:
    """A window of time: as a whole by task name, and all names together in steps."""

    names: defaultdict[TaskName, Sum] = field(default_factory=lambda: defaultdict(Sum))
    points: defaultdict[Instant, Sum] = field(default_factory=lambda: defaultdict(Sum))
    """By the start of the step; steps in which nothing was counted may be missing."""


def sum_up(rows: Iterable[MinuteStatistics], *, step: Instant) -> Sums:
    sums = Sums()
    for row in rows:
        document, key = row.to_document(), row.key
        sums.names[key.engine, key.name].add(document)
        sums.points[key.minute - key.minute % step].add(document)
    return sums


def _is_odd(counts: Histogram) -> bool:
    """Whether a lane could not hold it: rows of which a part is gone may count below nothing."""
    return min(counts) < 0 or min(counts.values()) < 0 or max(counts.values()) > MOST


def _unpacked(lanes: int) -> tuple[int, ...]:
    size = -(-lanes.bit_length() // LANE_BITS)
    return struct.unpack(f"<{size}I", lanes.to_bytes(size * LANE_BITS // 8, "little"))
