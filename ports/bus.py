"""Wakes whoever waits for a change, on this replica and on others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from ..domain.fanout import Change


class Bus(Protocol):
    """Says "look here", never what there is to see. May lose, double and reorder.

    `publish` never blocks. A subscriber that falls behind gets the changes it missed folded into
    one, so its backlog is bounded by the number of distinct changes.
    """

    def publish(self, change: Change) -> None: ...

    @property
    def hears(self) -> bool:
        """Whether changes of other replicas arrive now, as far as is known. Without other replicas
        nothing is missed."""
        ...

    async def run(self) -> None:
        """Carry changes to and from other replicas for ever; end by cancelling."""
        ...

    def subscribe(self) -> AbstractAsyncContextManager[AsyncIterator[frozenset[Change]]]:
        """Changes from now on, coalesced. Leaving the context ends the subscription."""
        ...
