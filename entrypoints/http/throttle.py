"""How often one address may fail to authenticate, in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from ...domain.instants import SECOND, Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrottleLimits:
    """`burst` failures at once, then one more every `refill_seconds`; so many addresses at most."""

    burst: int = 20
    refill_seconds: int = 3
    addresses: int = 4_096


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: Instant


class FailureThrottle:
    """A token bucket for each address that failed lately.

    With more addresses than there is room for, the one that failed longest ago is forgotten.
    """

    def __init__(self, limits: ThrottleLimits | None = None) -> None:
        self._limits = limits or ThrottleLimits()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, address: str, now: Instant) -> int:
        """Seconds until this address may try again; 0 for now."""
        address = _site(address)
        bucket = self._buckets.get(address)
        if bucket is None or (tokens := self._filled(bucket, now)) >= 1:
            return 0
        return max(1, round((1 - tokens) * self._limits.refill_seconds))

    def failed(self, address: str, now: Instant) -> None:
        address = _site(address)
        bucket = self._buckets.pop(address, None)
        tokens = self._limits.burst if bucket is None else self._filled(bucket, now)
        self._buckets[address] = _Bucket(max(0.0, tokens - 1), now)
        if len(self._buckets) > self._limits.addresses:
            self._buckets.popitem(last=False)

    def forgive(self, address: str) -> None:
        """The last failure was none."""
        bucket = self._buckets.get(_site(address))
        if bucket is not None:
            bucket.tokens = min(self._limits.burst, bucket.tokens + 1)

    def _filled(self, bucket: _Bucket, now: Instant) -> float:
        gained = max(0, now - bucket.at) / (self._limits.refill_seconds * SECOND)
        return min(self._limits.burst, bucket.tokens + gained)


def _site(address: str) -> str:
    """The /64 of an IPv6 address, for that is what one machine has; others as they are."""
    if ":" not in address:
        return address
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address) or parsed.ipv4_mapped is not None:
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64))
