"""What goes wrong next: told one by one, or drawn from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from random import Random

LONGEST_DELAY = 20
"""Turns of the event loop that a delayed call waits; others overtake it meanwhile."""


class Fault(Enum):
    """Of a call that answers, and of one that does not (`Bus.publish`)."""

    NONE = "none"
    FAIL_BEFORE = "fail before"
    """Nothing is done, the caller is told so; a call without an answer is lost."""
    DO_THEN_FAIL = "do, then fail"
    """It is done, the caller is told that it failed. What has no answer is not harmed."""
    DELAY = "delay"
    """Later calls overtake it."""
    DOUBLE = "double"
    """It is done twice; the caller hears of the first."""


class Script:
    """The faults of one port, in the order of its calls. Afterwards, or healed, there are none."""

    def __init__(
        self, *faults: Fault, rng: Random | None = None, odds: Mapping[Fault, float] | None = None
    ) -> None:
        self.faults = list(faults)
        """What comes first."""
        self._rng = Random(0) if rng is None else rng
        self.odds = {} if odds is None else dict(odds)
        """What is drawn of after that."""
        self.methods: frozenset[str] | None = None
        """Only these calls go wrong; None is all."""

    @classmethod
    def of(cls, method: str, *faults: Fault) -> Script:
        """These faults for the next calls of one method."""
        script = cls(*faults)
        script.methods = frozenset({method})
        return script

    def next(self, method: str) -> Fault:
        if self.methods is not None and method not in self.methods:
            return Fault.NONE
        if self.faults:
            return self.faults.pop(0)
        if not self.odds:
            return Fault.NONE
        spared = max(0.0, 1 - sum(self.odds.values()))
        (fault,) = self._rng.choices(
            [Fault.NONE, *self.odds], weights=[spared, *self.odds.values()]
        )
        return fault

    def delay(self) -> int:
        return self._rng.randint(1, LONGEST_DELAY)

    def heal(self) -> None:
        self.faults, self.odds = [], {}


@dataclass(frozen=True)
class Scripts:
    """What goes wrong with each port of a replica."""

    store: Script = field(default_factory=Script)
    journal: Script = field(default_factory=Script)
    registry: Script = field(default_factory=Script)
    views: Script = field(default_factory=Script)
    bus: Script = field(default_factory=Script)

    @classmethod
    def seeded(
        cls, rng: Random, odds: Mapping[Fault, float], *, bus: Mapping[Fault, float]
    ) -> Scripts:
        store, journal, registry, views = (Script(rng=rng, odds=odds) for _ in range(4))
        return cls(store, journal, registry, views, Script(rng=rng, odds=bus))

    def heal(self) -> None:
        for script in (self.store, self.journal, self.registry, self.views, self.bus):
            script.heal()
