"""How often passwords may be guessed: per account and per address."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ...domain.errors import Throttled, Unauthenticated
from ...ports.clock import Clock
from .throttle import BucketLimits, TokenBuckets

PER_ADDRESS = BucketLimits(burst=20, refill_seconds=5)
PER_ACCOUNT = BucketLimits(burst=10, refill_seconds=15)


class Attempts:
    """Counted on each replica for itself, and forgotten when it stops."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._addresses = TokenBuckets(PER_ADDRESS)
        self._accounts = TokenBuckets(PER_ACCOUNT)

    @asynccontextmanager
    async def counted(self, address: str, account: str | None = None) -> AsyncIterator[None]:
        """An attempt counts as failed from its start, so that many at once are no way around, and no
        longer when it turns out right or could not be looked at.

        Raises Throttled.
        """
        now = self._clock.now()
        counts = [(self._addresses, address)]
        if account is not None:
            counts.append((self._accounts, account))
        wait = max(buckets.wait(name, now) for buckets, name in counts)
        if wait:
            raise Throttled(
                f"Too many attempts to log in. Try again in {wait} s.", retry_after=wait
            )
        for buckets, name in counts:
            buckets.take(name, now)
        failed = False
        try:
            yield
        except (Unauthenticated, CancelledError):
            # Who hangs up before the answer has guessed as well.
            failed = True
            raise
        finally:
            if not failed:
                for buckets, name in counts:
                    buckets.give_back(name)
