"""Notices that are counted before they are told."""

from __future__ import annotations

from ...ports.metrics import Metrics
from ...ports.notices import Notices
from ..notices import Notice


class CountedNotices:
    """Satisfies `Notices`."""

    def __init__(self, notices: Notices, metrics: Metrics) -> None:
        self._notices = notices
        self._metrics = metrics

    def tell(self, notice: Notice) -> None:
        self._metrics.told(notice)
        self._notices.tell(notice)
