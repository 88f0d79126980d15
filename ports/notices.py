"""Where an operator reads what happened."""

from __future__ import annotations

from typing import Protocol

from ..domain.notices import Notice


class Notices(Protocol):
    def tell(self, notice: Notice) -> None:
        """Never blocks, never raises."""
        ...
