"""What a bulk operation would do, before anybody starts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...ports.clock import Clock
from ...ports.projection_store import ProjectionStore
from ...ports.registry import Registry
from ..access import Project
from ..actions import prepare
from ..bulk_items import MOST_ITEMS, Item, order_for, reason_to_skip
from ..errors import InvalidInput
from ..projections.tasks import Task
from ..routing import obstacle_to
from ..search import Query
from ..sessions import LiveSession
from .bulk_sets import BulkSets

SAMPLE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPreview:
    """`exact`: all that match were counted. `advice` are sentences for people."""

    count: int
    exact: bool
    sample: tuple[Task, ...]
    advice: tuple[str, ...]


class BulkPreviews:
    def __init__(
        self, *, sets: BulkSets, views: ProjectionStore, registry: Registry, clock: Clock
    ) -> None:
        self._sets = sets
        self._views = views
        self._registry = registry
        self._clock = clock

    async def of(self, project: Project, action: str, where: Query) -> BulkPreview:
        count, exact = 0, True
        newest: list[Item] = []
        reasons: Counter[str] = Counter()
        engines: dict[str, Item] = {}
        try:
            async for items in self._sets.search(project, where):
                count += len(items)
                newest += items[: SAMPLE - len(newest)]
                reasons.update(_reasons(action, items))
                engines.update((item.engine, item) for item in items)
                if count > MOST_ITEMS:
                    exact = False
                    break
        except TimeoutError:
            exact = False
        sessions = await self._registry.sessions(project.id)
        return BulkPreview(
            count=count,
            exact=exact,
            sample=await self._sample(project, newest),
            advice=(
                *_limits(count, exact=exact),
                *(f"{number} will be skipped: {reason}." for reason, number in reasons.items()),
                *self._obstacles(project, action, engines.values(), sessions),
            ),
        )

    async def _sample(self, project: Project, items: Iterable[Item]) -> tuple[Task, ...]:
        """As they are now, but for those that were forgotten meanwhile."""
        tasks = [await self._views.task(project.id, item.engine, item.task_id) for item in items]
        return tuple(task for task in tasks if task is not None)

    def _obstacles(
        self,
        project: Project,
        action: str,
        one_of_each: Iterable[Item],
        sessions: Iterable[LiveSession],
    ) -> Iterator[str]:
        """What stands in the way of whole engines."""
        now = self._clock.now()
        for item in one_of_each:
            try:
                order = prepare(order_for(action, item, "preview"), at=now)
            except InvalidInput as error:
                yield f"Tasks of {item.engine} will be skipped: {error.message}."
                continue
            obstacle = obstacle_to(order, project.id, sessions)
            if obstacle is not None:
                yield f"Tasks of {item.engine} would wait: {obstacle}."


def _reasons(action: str, items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        reason = reason_to_skip(action, item, item.state)
        if reason is not None:
            yield reason


def _limits(count: int, *, exact: bool) -> Iterator[str]:
    if count > MOST_ITEMS:
        yield f"One operation takes {MOST_ITEMS} tasks; narrow the query by time, state or name."
    elif not exact:
        yield "The search did not come to its end in time; narrow the query by time, state or name."
