"""Queues with their history and what waits in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from ...ports.projection_store import ProjectionStore
from ..ids import ProjectId
from ..instants import Instant
from ..overview import QueueOverview, oversee_queue
from ..projections.queues import Queue, QueueKey, QueueMinute


async def with_pace(
    views: ProjectionStore,
    project_id: ProjectId,
    queues: Sequence[Queue],
    *,
    since: Instant,
    now: Instant,
    keys: Collection[QueueKey] | None = None,
) -> tuple[QueueOverview, ...]:
    """`keys` are those of the queues; None where these are all there are."""
    if not queues:
        return ()
    history: defaultdict[QueueKey, list[QueueMinute]] = defaultdict(list)
    for row in await views.queue_minutes(project_id, since=since, until=now, queues=keys):
        history[row.key.queue].append(row)
    oldest = await views.oldest_waiting(project_id)
    return tuple(
        oversee_queue(each, history[each.key], oldest.get(each.key[1:]), now=now) for each in queues
    )
