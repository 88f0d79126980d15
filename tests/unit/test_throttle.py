from __future__ import annotations

import pytest

from taskdeck.domain.instants import SECOND
from taskdeck.entrypoints.http.throttle import FailureThrottle, ThrottleLimits

LIMITS = ThrottleLimits(burst=2, refill_seconds=3, addresses=2)


def test_one_address_may_fail_a_few_times_and_then_waits() -> None:
    throttle = FailureThrottle(LIMITS)
    for _ in range(2):
        assert throttle.wait("192.0.2.1", 0) == 0
        throttle.failed("192.0.2.1", 0)
    assert throttle.wait("192.0.2.1", 0) == 3
    assert throttle.wait("192.0.2.2", 0) == 0
    assert throttle.wait("192.0.2.1", 3 * SECOND) == 0


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
    throttle = FailureThrottle(LIMITS)
    throttle.failed(first, 0)
    throttle.failed(first, 0)
    assert (throttle.wait(second, 0) > 0) is same
