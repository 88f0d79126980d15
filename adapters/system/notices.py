"""Notices into the log `taskdeck`, one line each."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from ...domain.notices import Notice, Severity

_LEVELS: Mapping[Severity, int] = {
    Severity.INFO: logging.INFO,
    Severity.WARNING: logging.WARNING,
    Severity.ERROR: logging.ERROR,
}


class LoggedNotices:
    """Satisfies `Notices`. Structured handlers find `notice` (code and message) and `fields`."""

    def __init__(self) -> None:
        self._log = logging.getLogger("taskdeck")

    def tell(self, notice: Notice) -> None:
        details = " ".join(f"{name}={value!r}" for name, value in notice.details.items())
        self._log.log(
            _LEVELS[notice.severity],
            "%s: %s %s",
            notice.code,
            notice.message,
            details,
            extra={"notice": (notice.code, notice.message), "fields": dict(notice.details)},
        )
