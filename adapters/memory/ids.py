"""Names that come in a fixed order: easy to read in tests, easy to guess elsewhere."""

from __future__ import annotations

from itertools import count
from uuid import UUID


class SequentialIds:
    """Satisfies the shape of `IdSource`, not its promise of secrecy: for tests."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def uuid(self) -> str:
        return str(UUID(int=next(self._numbers)))

    def secret(self) -> str:
        return f"secret-{next(self._numbers):036d}"
