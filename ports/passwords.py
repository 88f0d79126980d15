"""Hashing passwords."""

from __future__ import annotations

from enum import Enum, auto
from typing import Protocol


class Verdict(Enum):
    WRONG = auto()
    RIGHT = auto()
    OUTDATED = auto()
    """Right, but hashed in a way that is no longer used: hash it anew."""


class Passwords(Protocol):
    """Slow on purpose, and never on the event loop. Few passwords are hashed at a time, some wait,
    and more are turned away with Throttled: a flood of log-ins must not take memory and cores.
    """

    async def hash(self, password: str) -> str:
        """A salted hash that says how it was made."""
        ...

    async def verify(self, password_hash: str | None, password: str) -> Verdict:
        """Without a hash: WRONG, after as much work as with one, so that time tells nothing."""
        ...
