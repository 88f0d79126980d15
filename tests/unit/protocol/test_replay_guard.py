"""Order and novelty of frames, at a price that does not grow."""

from __future__ import annotations

import gc
import sys
from typing import Any

import pytest

from taskdeck.domain.errors import Refused
from taskdeck.domain.instants import SECOND, render_instant
from taskdeck.domain.replay_guard import REMEMBERED, ReplayGuard

NOW = 1_790_000_000 * SECOND


def frame(seq: object, nonce: object = None, ts: object = None) -> dict[str, Any]:
    return {
        "seq": seq,
        "nonce": f"nonce-{seq}" if nonce is None else nonce,
        "ts": render_instant(NOW) if ts is None else ts,
    }


def reason(guard: ReplayGuard, refused: dict[str, Any]) -> str:
    with pytest.raises(Refused) as error:
        guard.admit(refused, NOW)
    return str(error.value.details["reason"])


@pytest.mark.parametrize("seq", [0, -1, "1", 1.0, True, None])
def test_seq_of_the_wrong_form(seq: object) -> None:
    assert reason(ReplayGuard(), frame(seq)) == "seq"


@pytest.mark.parametrize("nonce", ["", "n" * 33, 7, ["n"]])
def test_nonce_of_the_wrong_form(nonce: object) -> None:
    assert reason(ReplayGuard(), frame(1, nonce)) == "nonce"


@pytest.mark.parametrize("ts", ["", "noon", 7, [], "2026-02-03T04:05:06", "0001-01-01T00:00+23:59"])
def test_time_of_the_wrong_form(ts: object) -> None:
    assert reason(ReplayGuard(), frame(1, ts=ts)) == "ts"


@pytest.mark.parametrize("seconds", [-60, -1, 0, 1, 60])
def test_time_within_the_window(seconds: int) -> None:
    ReplayGuard().admit(frame(1, ts=render_instant(NOW + seconds * SECOND)), NOW)


@pytest.mark.parametrize("microseconds", [-60_000_001, 60_000_001])
def test_time_just_outside_the_window(microseconds: int) -> None:
    assert reason(ReplayGuard(), frame(1, ts=render_instant(NOW + microseconds))) == "ts"


def test_gaps_are_allowed_and_steps_back_are_not() -> None:
    guard = ReplayGuard()
    for seq in (1, 2, 10, 2**70):
        guard.admit(frame(seq), NOW)

    assert reason(guard, frame(2**70, "new")) == "seq"
    assert reason(guard, frame(11, "new")) == "seq"
    guard.admit(frame(2**70 + 1), NOW)


def test_recent_nonces_are_refused() -> None:
    guard = ReplayGuard()
    for seq in range(1, REMEMBERED + 1):
        guard.admit(frame(seq), NOW)

    for seq in range(1, REMEMBERED + 1):
        assert reason(guard, frame(REMEMBERED + 1, f"nonce-{seq}")) == "nonce"
    guard.admit(frame(REMEMBERED + 1), NOW)


def test_state_does_not_grow() -> None:
    guard = ReplayGuard()

    for seq in range(1, 10_001):
        guard.admit(frame(seq, nonce=f"{seq:022x}"), NOW)

    assert size_of(guard) <= 1_024


def size_of(root: object) -> int:
    """Bytes of an object and all that it alone refers to; classes and the like aside."""
    seen: dict[int, object] = {}
    found = [root]
    while found:
        each = found.pop()
        if id(each) not in seen and not isinstance(each, type):
            seen[id(each)] = each
            found.extend(gc.get_referents(each))
    return sum(sys.getsizeof(each) for each in seen.values())
