"""Attempts: a task's marks, read as runs from receipt to outcome.

`attempts` is a function of the set of marks, so the order in which they came cannot matter.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..instants import Instant
from .copies import without_copies
from .marks import COPY_WINDOW, UNKNOWN_RUNTIME, Mark, Rank, Source

_RANKS = tuple(Rank)


@dataclass(slots=True)
class Attempt:
    """One run of a task, as far as it was reported."""

    opened_at: Instant
    """Of its first mark."""
    received_at: Instant | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None
    outcome: Rank | None = None
    reported_runtime_us: int = UNKNOWN_RUNTIME
    fingerprint: str | None = None
    """Of what it failed with, if it did."""

    @property
    def rank(self) -> Rank:
        """How far it came."""
        if self.outcome is not None:
            return self.outcome
        if self.started_at is not None:
            return Rank.STARTED
        return Rank.SENT if self.received_at is None else Rank.RECEIVED

    @property
    def runtime_us(self) -> int | None:
        if self.reported_runtime_us != UNKNOWN_RUNTIME:
            return self.reported_runtime_us
        if self.started_at is None or self.ended_at is None:
            return None
        return max(0, self.ended_at - self.started_at)

    @property
    def wait_us(self) -> int | None:
        """From receipt to start."""
        if self.received_at is None or self.started_at is None:
            return None
        return max(0, self.started_at - self.received_at)


def attempts(marks: Sequence[Mark], continued: bool = False) -> list[Attempt]:
    """The attempts that sorted marks tell of, in order; at least one if there are any marks.

    `continued` where there were attempts before them that are no longer among the marks.
    """
    found: list[Attempt] = []
    for at, rank, source, runtime_us in without_copies(marks, continued):
        if found and source != Source.DIRECT and _is_old_news(found[-1], at, rank):
            continue
        if not found or _opens_another(found[-1], at, rank):
            found.append(Attempt(at))
        overtaken = rank == Rank.RETRIED and _was_overtaken(found, at)
        _note(found[-2 if overtaken else -1], at, rank, runtime_us)
    return found


def seam(marks: Sequence[Mark], told: Sequence[Attempt], first: int) -> int:
    """Where, from place `first` on, marks can be parted without changing any attempt of theirs.

    That is before an attempt which opened well after the one before it had ended. A history without
    any such place, which no agent tells, is parted at `first` all the same.
    """
    for before, attempt in pairwise(told):
        place = bisect_left(marks, (attempt.opened_at,))
        if (
            place >= first
            and before.outcome is not None
            and attempt.opened_at - marks[place - 1][0] > COPY_WINDOW
        ):
            return place
    return first


def _opens_another(current: Attempt, at: Instant, rank: int) -> bool:
    """Whether a mark belongs to a new attempt rather than to this one."""
    if current.ended_at is not None and current.outcome is not None:
        since_end = at - current.ended_at
        if rank >= Rank.RETRIED:
            # If near, a copy, or another word for the same end (taskiq: retried, then failed);
            # otherwise the end of an attempt whose start is not known.
            return since_end > COPY_WINDOW
        # A late receipt or start is a copy; only a clearly newer one reopens a task (§6.5).
        return not current.outcome.terminal or since_end > COPY_WINDOW
    if rank == Rank.STARTED and current.started_at is not None:
        # Started again without an end: redelivered after the worker was lost.
        return at - current.started_at > COPY_WINDOW
    if rank <= Rank.RECEIVED and current.started_at is not None:
        return at - current.started_at > COPY_WINDOW
    return False


def _is_old_news(current: Attempt, at: Instant, rank: int) -> bool:
    """Whether a retry was told after the end of the attempt that it led to: Celery's children tell
    of one after sending it, and another child may have run it by then."""
    if rank != Rank.RETRIED or current.outcome is None or current.ended_at is None:
        return False
    return current.outcome.terminal and at - current.ended_at <= COPY_WINDOW


def _was_overtaken(found: Sequence[Attempt], at: Instant) -> bool:
    """Whether a retry ends the attempt before: Celery's worker tells at once that it received the
    next one, the monitor only later that this one is to be retried (§6.3)."""
    if len(found) < 2:
        return False
    before, current = found[-2:]
    return (
        before.rank == Rank.STARTED
        and current.rank == Rank.RECEIVED
        and current.received_at is not None
        and at - current.received_at <= COPY_WINDOW
    )


def _note(attempt: Attempt, at: Instant, rank: int, runtime_us: int) -> None:
    if attempt.outcome is not None and rank < Rank.RETRIED:
        return
    if rank == Rank.RECEIVED:
        if attempt.received_at is None and attempt.started_at is None:
            attempt.received_at = at
    elif rank == Rank.STARTED:
        if attempt.started_at is None:
            attempt.started_at = at
    elif rank >= Rank.RETRIED and rank != attempt.outcome:
        attempt.ended_at = at
        attempt.outcome = _RANKS[rank]
        attempt.reported_runtime_us = runtime_us
