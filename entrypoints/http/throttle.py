"""How often something may happen to one name, in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from ...domain.instants import SECOND, Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketLimits:
    """`burst` times at once, then once more every `refill_seconds`; so many names at most."""

    burst: int = 20
    refill_seconds: float = 3
    names: int = 4_096


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: Instant


class TokenBuckets:
    """A bucket for each name (address, account, key) that took from one lately.

    With more names than there is room for, the one that took longest ago is forgotten.
    """

    def __init__(self, limits: BucketLimits | None = None) -> None:
        self._limits = limits or BucketLimits()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, name: str, now: Instant) -> int:
        """Seconds until there is something to take again; 0 for now."""
        bucket = self._buckets.get(_site(name))
        if bucket is None or (tokens := self._filled(bucket, now)) >= 1:
            return 0
        return max(1, round((1 - tokens) * self._limits.refill_seconds))

    def take(self, name: str, now: Instant) -> None:
        name = _site(name)
        bucket = self._buckets.pop(name, None)
        tokens = self._limits.burst if bucket is None else self._filled(bucket, now)
        self._buckets[name] = _Bucket(max(0.0, tokens - 1), now)
        if len(self._buckets) > self._limits.names:
            self._buckets.popitem(last=False)

    def give_back(self, name: str) -> None:
        """The last one was none."""
        bucket = self._buckets.get(_site(name))
        if bucket is not None:
            bucket.tokens = min(self._limits.burst, bucket.tokens + 1)

    def _filled(self, bucket: _Bucket, now: Instant) -> float:
        gained = max(0, now - bucket.at) / (self._limits.refill_seconds * SECOND)
        return min(self._limits.burst, bucket.tokens + gained)


def _site(name: str) -> str:
    """The /64 of an IPv6 address, for that is what one machine has; others as they are."""
    if ":" not in name:
        return name
    try:
        parsed = ip_address(name.partition("%")[0])
    except ValueError:
        return name
    if not isinstance(parsed, IPv6Address) or parsed.ipv4_mapped is not None:
        return name
    return str(IPv6Address(int(parsed) >> 64 << 64))
