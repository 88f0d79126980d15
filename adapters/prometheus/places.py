"""A bounded number of label values: whoever comes too late is counted as `other`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

OTHER = "other"
SILENT_SECONDS = 24 * 3_600.0

Labels: TypeAlias = tuple[str, str]


class Places:
    """First come, first served, and a place that was silent for a day may be taken.

    A name does not change places with a busier one: a counter that jumps looks like a restart.
    """

    def __init__(
        self,
        most: int,
        *,
        left: Callable[[Labels], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`left` is told of labels that lost their place."""
        self._most = most
        self._left = left
        self._monotonic = monotonic
        self._heard: dict[Labels, float] = {}

    def of(self, labels: Labels) -> Labels:
        """These labels, or `other` if there is no place for them."""
        now = self._monotonic()
        if self._heard.pop(labels, None) is None and len(self._heard) >= self._most:
            # Each is put at the end when it is heard: no search among thousands for every name.
            quietest = next(iter(self._heard), None)
            if quietest is None or now - self._heard[quietest] < SILENT_SECONDS:
                return (OTHER, OTHER)
            del self._heard[quietest]
            self._left(quietest)
        self._heard[labels] = now
        return labels
