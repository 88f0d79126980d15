"""Where new names and secrets come from."""

from __future__ import annotations

from typing import Protocol


class IdSource(Protocol):
    """Every value is new and cannot be guessed."""

    def uuid(self) -> str:
        """A UUID in lower case."""
        ...

    def secret(self) -> str:
        """43 URL-safe characters: 32 random bytes."""
        ...
