"""Time, order and novelty of signed frames (agent-protocol.md §3.4, 4-7)."""

from __future__ import annotations

from typing import Any

from . import close_codes
from .instants import SECOND, Instant, parse_instant
from .signing import refusal

WINDOW = 60 * SECOND
MAX_NONCE = 32
REMEMBERED = 16
"""Nonces kept, as 8 bytes each. The rising `seq` already excludes every replay within a session;
they only catch a sender whose randomness repeats."""


class ReplayGuard:
    """The state of one direction of a session. A refused frame leaves it as it was."""

    __slots__ = ("_marks", "_seq")

    def __init__(self) -> None:
        self._seq = 0
        self._marks = b""

    def admit(self, frame: dict[str, Any], now: Instant) -> None:
        """Take note of a frame. Raises Refused with reason seq, nonce or ts."""
        seq, nonce = frame.get("seq"), frame.get("nonce")
        if type(seq) is not int or seq < 1:
            raise refusal("seq", "seq is not an integer from 1 up")
        if type(nonce) is not str or not 0 < len(nonce) <= MAX_NONCE:
            raise refusal("nonce", f"nonce is not text of 1 to {MAX_NONCE} characters")
        _check_time(frame.get("ts"), now)
        if seq <= self._seq:
            raise refusal("seq", "seq does not rise: a repeated frame", close_codes.BAD_SIGNATURE)
        mark = hash(nonce).to_bytes(8, "little", signed=True)
        if mark in self._marks:
            raise refusal("nonce", "nonce was used before", close_codes.BAD_SIGNATURE)
        self._seq = seq
        self._marks = self._marks[-8 * (REMEMBERED - 1) :] + mark


def _check_time(ts: Any, now: Instant) -> None:
    try:
        sent = parse_instant(ts)
    except (TypeError, ValueError, OverflowError):
        raise refusal("ts", "ts is not an ISO 8601 time with an offset") from None
    if abs(now - sent) > WINDOW:
        ahead = (sent - now) / SECOND
        raise refusal(
            "ts",
            f"clock skew: the agent's clock is {abs(ahead):.1f} s "
            f"{'ahead of' if ahead > 0 else 'behind'} the brain's, more than the 60 s allowed. "
            "Synchronise both clocks (NTP); keys and tokens are fine",
            close_codes.BAD_SIGNATURE,
        )
