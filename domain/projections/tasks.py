"""Tasks: one view for all that was reported of a task, whatever order it came in."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from ..canonical import canonical_json
from ..events import Event
from ..ids import ProjectId
from ..instants import Instant
from .attempts import Attempt, attempts, seam
from .fingerprints import UNKNOWN_FINGERPRINT, FailureKind, failure_kind_of
from .marks import COPY_WINDOW, RANKS, Mark, Rank, Source, mark_of, source_of
from .task_fields import FAILURE_FIELDS, fields_of

MOST_MARKS = 64
KEPT_MARKS = 32
OUTCOME_FIELDS = FAILURE_FIELDS | {"result"}
_COPIED = "~"
"""Before a register's name: what the monitor said of an outcome. Its time says when it was read."""
FAILURES = (Rank.FAILED, Rank.RETRIED)
"""How attempts end that an exception ends."""


class TaskState(StrEnum):
    SENT = "sent"
    RECEIVED = "received"
    STARTED = "started"
    RETRIED = "retried"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REVOKED = "revoked"
    REJECTED = "rejected"


_STATES = tuple(TaskState[rank.name] for rank in Rank)


class TaskKey(NamedTuple):
    project_id: ProjectId
    engine: str
    task_id: str


class Share(NamedTuple):
    """What statistics count of a task: its attempts, under the names that are known of it."""

    project_id: ProjectId
    engine: str
    name: str
    """Empty for tasks whose name is not known yet."""
    queue: str | None
    attempts: Sequence[Attempt]


@dataclass(slots=True)
class Settled:
    """The part of a long history that was counted and let go."""

    attempts: int = 0
    until: Instant = -1
    """Later reports of anything up to here change nothing."""
    first_seen_at: Instant | None = None


@dataclass(slots=True)
class Task:
    """A task as a function of the set of its events: folding commutes and may repeat.

    Exact for the latest 64 marks. What lies further back is settled, one event at a time, so that
    batches make no difference. Mutable, and owned by the transaction that folds it.
    """

    key: TaskKey
    marks: list[Mark] = field(default_factory=list)
    registers: dict[str, list[Any]] = field(default_factory=dict)
    """Field -> [at, source, value]: of two values the later one stands."""
    failures: dict[tuple[Instant, int], str] = field(default_factory=dict)
    """(at, source) -> fingerprint, of every mark that told of an exception."""
    settled: Settled = field(default_factory=Settled)
    _attempts: list[Attempt] | None = field(default=None, compare=False, repr=False)
    _released: list[Attempt] = field(default_factory=list, compare=False, repr=False)
    _kinds: dict[str, FailureKind] = field(default_factory=dict, compare=False, repr=False)

    def fold(self, event: Event) -> bool:
        """Take in one event of this task; tells whether it said anything new."""
        at, source = event.occurred_at, int(source_of(event))
        kind = failure_kind_of(event)
        changed = kind is not None and self._note_failure(at, source, kind)
        changed |= self._note(mark_of(event))
        for name, value in fields_of(event).items():
            copied = source == Source.MONITOR and name in OUTCOME_FIELDS
            changed |= self._register(_COPIED + name if copied else name, at, source, value)
        return changed

    def _note(self, mark: Mark) -> bool:
        at, settled = mark[0], self.settled
        if at <= settled.until:
            if settled.first_seen_at is None or at >= settled.first_seen_at:
                return False
            settled.first_seen_at = at
            return True
        if mark in self.marks:
            return False
        insort(self.marks, mark)
        self._attempts = None
        if len(self.marks) > MOST_MARKS:
            self._settle()
        return True

    def _note_failure(self, at: Instant, source: int, kind: FailureKind) -> bool:
        # Of two told at one time by one source, any will do, if it is always the same one.
        fingerprint = kind.fingerprint
        if at <= self.settled.until or fingerprint <= self.failures.get((at, source), ""):
            return False
        self.failures[at, source] = fingerprint
        self._kinds[fingerprint] = kind
        self._attempts = None
        return True

    def _register(self, name: str, at: Instant, source: int, value: Any) -> bool:
        present = self.registers.get(name)
        if present is not None and not _supersedes(at, source, value, *present):
            return False
        self.registers[name] = [at, source, value]
        return True

    def _settle(self) -> None:
        """Let go of the oldest attempts; they are `released`."""
        cut = seam(self.marks, self.attempts, len(self.marks) - KEPT_MARKS)
        gone = self._read(self.marks[:cut])
        # Copies of what is let go may still be on their way.
        until = min(self.marks[cut - 1][0] + COPY_WINDOW, self.marks[cut][0] - 1)
        self.settled = Settled(self.settled.attempts + len(gone), until, self.first_seen_at)
        self.marks = self.marks[cut:]
        self.failures = {place: each for place, each in self.failures.items() if place[0] > until}
        self._attempts = None
        self._released += gone

    def released(self) -> list[Attempt]:
        """The attempts that were let go since this was asked last."""
        released, self._released = self._released, []
        return released

    def kinds(self) -> dict[str, FailureKind]:
        """The kinds of failures that were told of since this was asked last, by fingerprint."""
        kinds, self._kinds = self._kinds, {}
        return kinds

    @property
    def attempts(self) -> list[Attempt]:
        """The unsettled attempts, oldest first."""
        if self._attempts is None:
            self._attempts = self._read(self.marks)
        return self._attempts

    def _read(self, marks: Sequence[Mark]) -> list[Attempt]:
        told = attempts(marks, continued=self.settled.attempts > 0)
        for attempt in told:
            if attempt.ended_at is not None and attempt.outcome in FAILURES:
                attempt.fingerprint = self._fingerprint_at(attempt.ended_at) or (
                    UNKNOWN_FINGERPRINT if attempt.outcome is Rank.FAILED else None
                )
        return told

    def _fingerprint_at(self, at: Instant) -> str | None:
        """Of what was told of an end: best by the very report of it, else by a copy."""
        near = (
            (abs(at - noted), source, fingerprint)
            for (noted, source), fingerprint in self.failures.items()
            if abs(at - noted) <= COPY_WINDOW
        )
        return min(near, default=(0, 0, None))[2]

    @property
    def fingerprint(self) -> str | None:
        """Of what the last attempt failed with, if it did."""
        return self.attempts[-1].fingerprint

    @property
    def attempt_count(self) -> int:
        return self.settled.attempts + len(self.attempts)

    @property
    def state(self) -> TaskState:
        return _STATES[self.attempts[-1].rank]

    @property
    def first_seen_at(self) -> Instant:
        if self.settled.first_seen_at is not None:
            return self.settled.first_seen_at
        return self.marks[0][0]

    @property
    def last_event_at(self) -> Instant:
        return self.marks[-1][0]

    @property
    def name(self) -> str:
        """Empty while only `<unknown:…>` was reported."""
        name: str = self.field("name") or ""
        return name

    def field(self, name: str) -> Any:
        """What is known of a field, or None; an earlier attempt's outcome does not count."""
        if name in OUTCOME_FIELDS:
            return self._of_outcome(name)
        register = self.registers.get(name)
        return None if register is None else register[2]

    def _of_outcome(self, name: str) -> Any:
        """What was said of the way that the last attempt ended, by those who told of its end."""
        last = self.attempts[-1]
        if last.outcome is None or (last.outcome is Rank.SUCCEEDED) != (name == "result"):
            return None
        registers = [self.registers.get(name), self.registers.get(_COPIED + name)]
        if not self._by_signal(last):
            registers.reverse()
        elif name != "result":
            # A late copy may be of an attempt before. (Of results, signals leave out null.)
            registers.pop()
        before = self.attempts[-2].ended_at if len(self.attempts) > 1 else None
        said = (each for each in registers if each and (before is None or each[0] > before))
        return next((value for _, _, value in said), None)

    def _by_signal(self, attempt: Attempt) -> bool:
        """Whether its end was told by the process that ran it."""
        end = (attempt.ended_at, attempt.outcome, Source.DIRECT)
        return any(mark[:3] == end for mark in self.marks)

    def share(self, attempts: Sequence[Attempt] | None = None) -> Share:
        """Of the unsettled attempts, where no others are given."""
        queue = self.field("queue")
        return Share(
            self.key.project_id,
            self.key.engine,
            self.name,
            queue if isinstance(queue, str) else None,
            self.attempts if attempts is None else attempts,
        )

    def to_document(self) -> dict[str, Any]:
        """All of the task but its key, as a JSON object that `from_document` reads."""
        settled = self.settled
        document: dict[str, Any] = {"m": self.marks, "r": self.registers}
        if self.failures:
            document["f"] = [[*place, each] for place, each in sorted(self.failures.items())]
        if settled.attempts:
            document["s"] = [settled.attempts, settled.until, settled.first_seen_at]
        return document

    @classmethod
    def from_document(cls, key: TaskKey, document: Mapping[str, Any]) -> Task:
        settled = document.get("s")
        return cls(
            key,
            [tuple(mark) for mark in document["m"]],
            document["r"],
            {(at, source): each for at, source, each in document.get("f", ())},
            Settled(*settled) if settled else Settled(),
        )


def _supersedes(
    at: Instant, source: int, value: Any, present_at: Instant, present_source: int, present: Any
) -> bool:
    weight, present_weight = _weight(at, source), _weight(present_at, present_source)
    if weight != present_weight:
        return weight > present_weight
    # Same time, two values: any order will do, if it is always the same one. Not `!=`: 1 == True.
    return canonical_json(value) > canonical_json(present)


def _weight(at: Instant, source: int) -> Instant:
    """A process knows better than the monitor's copy of what it did (§6.3)."""
    return at + COPY_WINDOW if source == Source.DIRECT else at


def concerns_task(event: Event) -> bool:
    return event.kind in RANKS and event.task_id != ""
