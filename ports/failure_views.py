"""Where failures are read by what they have in common."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from ..domain.ids import ProjectId
from ..domain.instants import Instant
from ..domain.projections.failure_hours import FailureSpan
from ..domain.projections.fingerprints import FailureKind


class FailureViews(Protocol):
    """Counts of failures, folded with the events that tell of them."""

    async def spans(
        self, project_id: ProjectId, *, since: Instant, until: Instant, step: int
    ) -> Sequence[FailureSpan]:
        """Failures by kind, engine and task name, in steps of time, oldest first.

        A step is a part of an hour in whole minutes, or whole hours; `since` and `until` are
        multiples of it. Kinds beyond the first ones of a day come together as OTHER.
        """
        ...

    async def kinds(
        self,
        project_id: ProjectId,
        fingerprints: Collection[str],
        *,
        since: Instant,
        until: Instant,
    ) -> Mapping[str, FailureKind]:
        """What these fingerprints stand for, as far as it came up on the days of this time."""
        ...
