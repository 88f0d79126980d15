"""Room for what comes, and an end for what is old."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ..domain.instants import Instant
from ..domain.retention import DataKind


class Upkeep(Protocol):
    """Any replica may call these at any time; of several that do, one works.

    Nothing that is to be kept is ever removed, and neither writers nor readers wait for it.
    """

    async def make_room(self, now: Instant) -> None:
        """Prepare for all that will be written in the next days."""
        ...

    async def prune(self, now: Instant) -> bool:
        """Remove a part of what is too old, small enough to take seconds. True if more is left."""
        ...

    async def sum_up(self, now: Instant, *, since: Instant) -> bool:
        """Sum up some of the closed periods from `since` on that are not, or not any more, because
        something late was counted: the newest first. True if more are left."""
        ...

    async def oldest_days(self) -> Mapping[DataKind, int]:
        """The oldest day (`day_of`) that anything is there of; kinds of which nothing is are left
        out. A day that goes as a whole may be empty already."""
        ...
