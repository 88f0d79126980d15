from __future__ import annotations

import pytest

from taskdeck.adapters.memory.clock import ManualClock
from taskdeck.domain.errors import (
    StoreUnavailable,
    TaskdeckError,
    Throttled,
    Unauthenticated,
)
from taskdeck.domain.instants import SECOND
from taskdeck.entrypoints.http.attempts import PER_ACCOUNT, Attempts
from taskdeck.entrypoints.http.throttle import BucketLimits, TokenBuckets

LIMITS = BucketLimits(burst=2, refill_seconds=3, names=2)


def test_one_address_may_try_a_few_times_and_then_waits() -> None:
    buckets = TokenBuckets(LIMITS)
    for _ in range(2):
        assert buckets.wait("192.0.2.1", 0) == 0
        buckets.take("192.0.2.1", 0)
    assert buckets.wait("192.0.2.1", 0) == 3
    assert buckets.wait("192.0.2.2", 0) == 0
    assert buckets.wait("192.0.2.1", 3 * SECOND) == 0


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("nonsense:1", "nonsense:2", False),
    ],
)
def test_a_machine_with_many_addresses_counts_once(first: str, second: str, same: bool) -> None:
    buckets = TokenBuckets(LIMITS)
    buckets.take(first, 0)
    buckets.take(first, 0)
    assert (buckets.wait(second, 0) > 0) is same


def test_the_names_that_took_longest_ago_are_forgotten() -> None:
    buckets = TokenBuckets(LIMITS)
    for name in ("a", "a", "b", "c"):
        buckets.take(name, 0)
    assert buckets.wait("a", 0) == 0
    buckets.take("b", 0)
    assert buckets.wait("b", 0) > 0
    buckets.give_back("b")
    assert buckets.wait("b", 0) == 0


async def tried(attempts: Attempts, times: int, end: TaskdeckError | None) -> None:
    for _ in range(times):
        try:
            async with attempts.counted("192.0.2.1", "anna"):
                if end is not None:
                    raise end
        except (StoreUnavailable, Unauthenticated):
            pass


@pytest.mark.parametrize("end", [None, StoreUnavailable()])
async def test_an_attempt_that_was_no_wrong_guess_does_not_count(end: TaskdeckError | None) -> None:
    await tried(Attempts(ManualClock()), 2 * PER_ACCOUNT.burst, end)


async def test_wrong_guesses_count() -> None:
    attempts = Attempts(ManualClock())
    await tried(attempts, PER_ACCOUNT.burst, Unauthenticated())
    with pytest.raises(Throttled):
        await tried(attempts, 1, None)
