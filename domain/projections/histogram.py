"""Durations counted in buckets that grow by 2 %: small, mergeable, exact enough for percentiles.

A histogram is a mapping bucket -> count. Merging adds counts, and counts may be taken away again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
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
    total = sum(histogram.values())
    if total <= 0:
        return None
    wanted = q * (total - 1)
    seen = 0
    for bucket in sorted(histogram):
        seen += histogram[bucket]
        if seen > wanted:
            return value_of(bucket)
    return value_of(max(histogram))


def add(histogram: Histogram, other: Mapping[int, int]) -> None:
    """Merge `other` into `histogram`; buckets that come to nothing disappear."""
    for bucket, count in other.items():
        total = histogram.get(bucket, 0) + count
        if total:
            histogram[bucket] = total
        else:
            histogram.pop(bucket, None)
