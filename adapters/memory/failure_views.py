"""What failures have in common, in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from ...domain.ids import ProjectId
from ...domain.instants import DAY, HOUR, Instant
from ...domain.projections.failure_hours import FailureSpan
from ...domain.projections.fingerprints import UNKNOWN, FailureKind
from .state import MemoryState


class MemoryFailureViews:
    """Satisfies `FailureViews`."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def spans(
        self, project_id: ProjectId, *, since: Instant, until: Instant, step: int
    ) -> Sequence[FailureSpan]:
        found: defaultdict[tuple[Instant, str, str, str], list[FailureSpan]] = defaultdict(list)
        for key, row in self._state.views.failures.items():
            if key.project_id == project_id:
                for span in row.spans(since, until, min(step, HOUR)):
                    at = span.at - span.at % step
                    found[at, span.fingerprint, span.engine, span.name].append(span)
        return [_together(at, spans) for (at, *_), spans in sorted(found.items())]

    async def kinds(
        self,
        project_id: ProjectId,
        fingerprints: Collection[str],
        *,
        since: Instant,
        until: Instant,
    ) -> Mapping[str, FailureKind]:
        return {
            key.fingerprint: kind
            for key, kind in self._state.views.kinds.items()
            if key.project_id == project_id
            and since < key.day + DAY
            and key.day < until
            and key.fingerprint in fingerprints
            and kind != UNKNOWN
        }


def _together(at: Instant, spans: Sequence[FailureSpan]) -> FailureSpan:
    return spans[0]._replace(
        at=at,
        failed=sum(span.failed for span in spans),
        retried=sum(span.retried for span in spans),
        first_at=min(span.first_at for span in spans),
        last_at=max(span.last_at for span in spans),
    )
