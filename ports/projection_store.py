"""Where the views are read, and rebuilt."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from ..domain.commands import Command, CommandStatus
from ..domain.events import Event
from ..domain.ids import CommandId, ProjectId
from ..domain.instants import Instant
from ..domain.journal import Recorded
from ..domain.projections.queues import Queue, QueueKey, QueueMinute
from ..domain.projections.reading import Window
from ..domain.projections.statistics import MinuteStatistics
from ..domain.projections.sums import Sums
from ..domain.projections.tasks import Task
from ..domain.queries import CommandPage, TaskPage
from ..domain.queue_pages import QueueFilter, QueuePage
from ..domain.search.terms import Query


class ProjectionStore(Protocol):
    """Views folded from the two logs. Readers see whole transactions only; cursors are opaque.

    A cursor that this store did not make raises InvalidInput.
    """

    async def tasks(
        self,
        project_id: ProjectId,
        where: Query,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> TaskPage:
        """The tasks that a query means (`domain.search.meaning`), newest first.

        A page that looked at many tasks in vain ends early and says so; its cursor goes on.
        """
        ...

    async def task(self, project_id: ProjectId, engine: str, task_id: str) -> Task | None: ...

    async def children(
        self, project_id: ProjectId, engine: str, task_id: str, *, limit: int = 100
    ) -> Sequence[Task]:
        """The tasks of this engine that name this one as their parent, newest first."""
        ...

    async def running(
        self, project_id: ProjectId, *, workers: Collection[str] | None = None
    ) -> Sequence[Task]:
        """Tasks in state started, the longest running first, at most 1 000: of all workers, or of
        those that events call so."""
        ...

    async def at_work(self, project_id: ProjectId) -> Mapping[str, Sequence[Instant]]:
        """What events call the workers of tasks in state started, "" where they name none -> when
        each task was last heard of; of the longest running 1 000."""
        ...

    async def queues(self, project_id: ProjectId) -> Sequence[Queue]: ...

    async def queue_page(
        self,
        project_id: ProjectId,
        where: QueueFilter,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> QueuePage:
        """In the order of `queue_place`. A queue whose depth changes between two pages may come
        twice or not at all."""
        ...

    async def queue(self, project_id: ProjectId, engine: str, queue: str) -> Queue | None: ...

    async def queue_minutes(
        self,
        project_id: ProjectId,
        *,
        since: Instant,
        until: Instant,
        queues: Collection[QueueKey] | None = None,
    ) -> Sequence[QueueMinute]:
        """Per-minute rows of all queues of a project, or of these, oldest first."""
        ...

    async def oldest_waiting(self, project_id: ProjectId) -> dict[tuple[str, str], Instant]:
        """`(engine, queue)` -> when the oldest task still in state received was received."""
        ...

    async def statistics(
        self,
        project_id: ProjectId,
        *,
        since: Instant,
        until: Instant,
        engine: str | None = None,
        name: str | None = None,
    ) -> Sequence[MinuteStatistics]:
        """Per-minute rows by engine and task name, oldest first."""
        ...

    async def sums(self, project_id: ProjectId, window: Window) -> Sums:
        """The same rows taken together; quick for long windows too, where periods are summed up.

        Names of which nothing was counted are left out.
        """
        ...

    async def newest_failed(
        self, project_id: ProjectId, fingerprints: Collection[str]
    ) -> Mapping[str, Task]:
        """For each fingerprint the latest of the tasks that have it now, if there are any."""
        ...

    async def command(self, project_id: ProjectId, command_id: CommandId) -> Command | None: ...

    async def commands(
        self,
        project_id: ProjectId,
        *,
        statuses: frozenset[CommandStatus] | None = None,
        task_id: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> CommandPage: ...

    async def open_commands(self) -> Sequence[Command]:
        """Commands of all projects that have not reached a final state, oldest first."""
        ...

    async def reset(self) -> None:
        """Forget all views (not the logs), before a rebuild."""
        ...

    async def rebuild(self, *, events: Sequence[Event], entries: Sequence[Recorded]) -> None:
        """Fold a slice of the logs into the views, as `append` would have done. Atomic.

        Raises BatchTooWide where it is to come in parts.
        """
        ...
