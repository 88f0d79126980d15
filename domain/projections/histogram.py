"""Durations counted in buckets that grow by 2 %: small, mergeable, exact enough for percentiles.

A histogram is a mapping bucket -> count. Merging adds counts, and counts may be taken away again.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

Histogram: TypeAlias = dict[int, int]

GROWTH = 1.02
"""A value lies within 1 % of its bucket's middle."""
_SCALE = 1 / math.log(GROWTH)


def bucket_of(microseconds: int) -> int:
    """The bucket of a duration; everything below a microsecond is in bucket 0."""
    return 0 if microseconds <= 1 else math.ceil(math.log(microseconds) * _SCALE)


def value_of(bucket: int) -> float:
    """The middle of a bucket, in microseconds."""
    return 2 * GROWTH**bucket / (1 + GROWTH) if bucket > 0 else 1.0


def quantile(histogram: Mapping[int, int], q: float) -> float | None:
    """The duration below which a share `q` (0 to 1) lies, within 2 %; None if nothing was counted."""
    return quantiles(histogram, (q,))[0]


def quantiles(histogram: Mapping[int, int], shares: Iterable[float]) -> list[float | None]:
    """The same for several shares."""
    buckets = sorted(histogram)
    places = places_of([histogram[bucket] for bucket in buckets], shares)
    return [None if place is None else value_of(buckets[place]) for place in places]


def places_of(counts: Sequence[int], shares: Iterable[float]) -> list[int | None]:
    """The places of counts, in the order of their durations, where these shares are reached."""
    seen = list(accumulate(counts))
    if not seen or seen[-1] <= 0:
        return [None for _ in shares]
    total, last = seen[-1], len(seen) - 1
    return [min(bisect_right(seen, share * (total - 1)), last) for share in shares]


def add(histogram: Histogram, other: Mapping[int, int]) -> None:
    """Merge `other` into `histogram`; buckets that come to nothing disappear."""
    for bucket, count in other.items():
        total = histogram.get(bucket, 0) + count
        if total:
            histogram[bucket] = total
        else:
            histogram.pop(bucket, None)
