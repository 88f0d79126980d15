"""A page of a search, step by step: the store reads, this decides how far.

A step is a stretch of one index, from newer to older. Where the index alone says what is wanted, a step
goes as far as the page needs. Otherwise it looks at so many tasks, and after `most` of them, or when the
time is up, the page ends, says how far it came and how to go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..bulk_items import Item
from ..instants import Instant
from ..paging import decode_cursor, encode_cursor
from ..projections.tasks import Task, TaskState
from ..queries import Searched, Selection, TaskPage
from .meaning import meaning_of
from .plan import LAST, Index, plan_of
from .terms import Query

MOST_LOOKED_AT = 20_000
MOST_SECONDS = 1.0
STEP = 1_000
"""Tasks looked at in one go, so that nothing else waits for long."""
STRIDE = 10_000


class Place(NamedTuple):
    """In the order of lists; what is less comes later."""

    at: Instant
    engine: str
    task_id: str

    @classmethod
    def of(cls, task: Task) -> Place:
        return cls(task.last_event_at, task.key.engine, task.key.task_id)


class Scan:
    def __init__(
        self, query: Query, *, cursor: str | None, limit: int, most: int = MOST_LOOKED_AT
    ) -> None:
        """Raises InvalidInput for a cursor that no scan made."""
        at, engine, task_id = (
            (LAST, "", "") if cursor is None else decode_cursor(cursor, int, str, str)
        )
        self.plan = plan_of(query)
        self.before = min(Place(max(at, -1), engine, task_id), Place(self.plan.until, "", ""))
        """Everything from here on up is done with."""
        self.wanted = limit + 1
        """Tasks that are still to be found; one more than the page, to know if it is the last."""
        self.finished = False
        self._limit = limit
        self._left = most
        self._holds = meaning_of(query)
        self._found: list[Task] = []
        self._stopped = False

    @property
    def step(self) -> int | None:
        """How many tasks of the index to look at now; None for as many as it takes."""
        if not self.plan.sifts or self.plan.index is Index.ID:
            return None
        return min(STEP, self._left)

    @property
    def stride(self) -> int | None:
        """The same, for those who take no more than names and states."""
        return None if self.step is None else STRIDE

    @property
    def upto(self) -> Instant:
        """The latest time that may still have tasks to look at."""
        return self.before.at if self.before[1:] != ("", "") else self.before.at - 1

    def take(self, tasks: Iterable[Task], *, floor: Instant | None) -> None:
        """The tasks of one step that may be wanted, newest first.

        `floor` is the time down to which all was looked at, None at the end of the index.
        """
        for task in tasks:
            if self.plan.told or self._holds(task):
                self._found.append(task)
                if len(self._found) > self._limit:
                    break
        self.wanted = self._limit + 1 - len(self._found)
        self._left -= self.step or 0
        self.finished = floor is None or self.wanted <= 0
        if floor is not None:
            self.before = Place(floor, "", "")
        if self._left <= 0:
            self.stop()

    def stop(self) -> None:
        """End here, because it took long enough."""
        self._stopped = not self.finished
        self.finished = True

    def selection(
        self, rows: Sequence[tuple[str, str, str, Instant]], *, floor: Instant | None
    ) -> Selection:
        """A page of what columns tell of tasks, down to the floor: engine, id, state, time."""
        page = rows[: self._limit]
        items = tuple(Item(engine, task_id, TaskState(state)) for engine, task_id, state, _ in page)
        if len(rows) > len(page):
            engine, task_id, _, at = page[-1]
            return Selection(items, encode_cursor(at, engine, task_id))
        return Selection(items, None if floor is None else encode_cursor(floor, "", ""))

    def page(self) -> TaskPage:
        tasks = tuple(self._found[: self._limit])
        if len(self._found) > self._limit:
            return TaskPage(tasks, encode_cursor(*Place.of(tasks[-1])))
        if self._stopped:
            return TaskPage(tasks, encode_cursor(*self.before), Searched(False, self.before.at))
        return TaskPage(tasks, None)
