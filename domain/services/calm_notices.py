"""Notices that repeat, told now and then: one refused frame a millisecond must not fill a disk."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...ports.clock import Clock
from ...ports.notices import Notices
from ..instants import SECOND, Instant
from ..notices import Notice

AT_ONCE = 20
"""Notices of one code that are told within a window; of the others only how many there were."""
WINDOW_SECONDS = 60


@dataclass(slots=True)
class _Window:
    begun: Instant
    told: int = 0
    kept_back: int = 0
    last: Notice | None = None
    """The latest of those that were kept back."""


class CalmNotices:
    """Satisfies `Notices`. Codes are few, and so is what is remembered."""

    def __init__(self, notices: Notices, clock: Clock) -> None:
        self._notices = notices
        self._clock = clock
        self._windows: dict[str, _Window] = {}

    def tell(self, notice: Notice) -> None:
        window = self._windows.setdefault(notice.code, _Window(self._clock.now()))
        if window.told < AT_ONCE:
            window.told += 1
            self._notices.tell(notice)
        else:
            window.kept_back += 1
            window.last = notice

    def catch_up(self) -> None:
        """Tell what was kept back in windows that are over; to be called every second."""
        horizon = self._clock.now() - WINDOW_SECONDS * SECOND
        for code in [code for code, each in self._windows.items() if each.begun <= horizon]:
            window = self._windows.pop(code)
            if window.last is not None:
                details = {**window.last.details, "suppressed": window.kept_back}
                self._notices.tell(replace(window.last, details=details))
