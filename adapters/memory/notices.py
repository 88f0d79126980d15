"""Notices kept in a list."""

from __future__ import annotations

from ...domain.notices import Notice


class RecordedNotices:
    """Satisfies `Notices`."""

    def __init__(self) -> None:
        self.told: list[Notice] = []

    def tell(self, notice: Notice) -> None:
        self.told.append(notice)

    @property
    def codes(self) -> list[str]:
        return [notice.code for notice in self.told]
