"""What can be asked of the brain. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...ports.clock import Clock
from ...ports.event_store import EventStore
from ...ports.journal import Journal
from ...ports.projection_store import ProjectionStore
from ...ports.worker_views import WorkerViews
from ..access import Project
from ..audit import AuditFilter
from ..commands import Command, CommandStatus
from ..errors import InvalidInput, NotFound
from ..events import Event
from ..fleet import WorkerFilter
from ..ids import CommandId, EventId, ProjectId
from ..instants import DAY, HOUR, MINUTE, Instant
from ..journal import Recorded
from ..lost_tasks import count_lost, lost_candidates
from ..overview import (
    RATE_MINUTES,
    QueuesOverview,
    StatisticsOverview,
    WorkersOverview,
    busy_workers,
    elsewhere,
    oversee_statistics,
    oversee_workers,
    step_of,
    worker_of,
)
from ..project_overview import ProjectOverview, begin_of_window, oversee_project
from ..projections.reading import Window
from ..projections.repeats import repeats
from ..projections.tasks import Task, TaskKey, TaskState
from ..projections.workers import Worker
from ..queries import CommandPage, EventFilter, EventPage, TaskPage
from ..queue_pages import QueueFilter
from ..recent_runs import MOST_RUNS, RecentRuns, oversee_runs
from ..search import Query as TaskQuery
from ..search import filtered
from .paced_queues import with_pace

MOST_EVENTS = 500
MOST_COMMANDS = 100
LONGEST_WINDOW = 31 * DAY


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """A task with the latest events that told of it, in order of time, and the commands on it."""

    task: Task
    events: tuple[Event, ...]
    commands: tuple[Command, ...]
    parent: Task | None = None
    children: tuple[Task, ...] = ()
    """Newest first, at most 100."""
    repeats: frozenset[EventId] = frozenset()
    """Of the events those that say again what another one told."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Decisions, newest first. `next_cursor` is None on the last page."""

    entries: tuple[Recorded, ...]
    next_cursor: str | None


class Queries:
    def __init__(
        self,
        *,
        events: EventStore,
        journal: Journal,
        views: ProjectionStore,
        workers: WorkerViews,
        clock: Clock,
    ) -> None:
        self._events = events
        self._journal = journal
        self._views = views
        self._workers = workers
        self._clock = clock

    async def tasks(
        self, project: Project, where: TaskQuery, *, cursor: str | None, limit: int
    ) -> TaskPage:
        return await self._views.tasks(project.id, where, cursor=cursor, limit=limit)

    async def task(self, project: Project, engine: str, task_id: str) -> TaskDetail:
        """Raises NotFound."""
        task = await self._views.task(project.id, engine, task_id)
        if task is None:
            raise NotFound(f"There is no {engine} task {task_id!r} in this project.")
        page = await self._events.read(
            project.id,
            EventFilter(engine=engine, task_id=task_id),
            newest_first=True,
            limit=MOST_EVENTS,
        )
        events = sorted(page.events, key=lambda event: (event.occurred_at, event.received_at))
        on_it = await self._views.commands(project.id, task_id=task_id, limit=MOST_COMMANDS)
        commands = tuple(command for command in on_it.commands if command.engine == engine)
        parent_id = task.field("parent_task_id")
        parent = (
            await self._views.task(project.id, engine, parent_id)
            if isinstance(parent_id, str)
            else None
        )
        children = await self._views.children(project.id, engine, task_id)
        again = repeats(events)
        return TaskDetail(task, tuple(events), commands, parent, tuple(children), again)

    async def workers(
        self, project: Project, where: WorkerFilter, *, cursor: str | None, limit: int
    ) -> WorkersOverview:
        page = await self._workers.page(project.id, where, cursor=cursor, limit=limit)
        now = self._clock.now()
        names = {name for each in page.workers if each.online for name in each.names}
        running = await self._views.running(project.id, workers=names) if names else ()
        of_others: tuple[Task, ...] = ()
        if cursor is None and where in (WorkerFilter(), WorkerFilter(online=True)):
            started = await self._views.running(project.id)
            of_others = elsewhere(started, await self._workers_of(project, started, since=now))
        return WorkersOverview(
            fleet=await self._workers.fleet(project.id, since=now - DAY),
            workers=oversee_workers(page.workers, running),
            elsewhere=of_others,
            next_cursor=page.next_cursor,
        )

    async def lost(self, project: Project, tasks: Sequence[Task]) -> Mapping[TaskKey, Instant]:
        """Which of these may be lost, and since when; asks nothing where none has started."""
        started = [task for task in tasks if task.state is TaskState.STARTED]
        workers = await self._workers_of(project, started)
        found = lost_candidates(started, workers, now=self._clock.now())
        return {candidate.task.key: candidate.since for candidate in found}

    async def overview(self, project: Project) -> ProjectOverview:
        """The project at a glance, from statistics and measurements; no history is counted."""
        now = self._clock.now()
        at_work = await self._views.at_work(project.id)
        names = at_work.keys() - {""}
        heard_at = min((at for name in names for at in at_work[name]), default=now)
        workers = await self._workers.named(project.id, names, since=heard_at) if names else ()
        queues = await with_pace(
            self._views,
            project.id,
            await self._views.queues(project.id),
            since=now - 2 * RATE_MINUTES * MINUTE,
            now=now,
        )
        return oversee_project(
            rows=await self._views.statistics(project.id, since=begin_of_window(now), until=now),
            queues=queues,
            fleet=await self._workers.fleet(project.id, since=now - DAY),
            busy=busy_workers(workers, names),
            lost=count_lost(at_work, workers, now=now),
            now=now,
        )

    async def _workers_of(
        self, project: Project, started: Sequence[Task], *, since: Instant | None = None
    ) -> Sequence[Worker]:
        """Those that these tasks name: connected, or gone since the first of them was heard of."""
        names = {name for task in started if (name := worker_of(task))}
        if not names:
            return ()
        heard_at = min(task.last_event_at for task in started)
        return await self._workers.named(project.id, names, since=since or heard_at)

    async def queues(
        self, project: Project, where: QueueFilter, *, minutes: int, cursor: str | None, limit: int
    ) -> QueuesOverview:
        """A page of queues with the history of so many minutes, the deepest first."""
        page = await self._views.queue_page(project.id, where, cursor=cursor, limit=limit)
        now, keys = self._clock.now(), {queue.key for queue in page.queues}
        since = now - max(minutes, RATE_MINUTES) * MINUTE
        paced = await with_pace(
            self._views, project.id, page.queues, since=since, now=now, keys=keys
        )
        return QueuesOverview(paced, page.next_cursor)

    async def statistics(
        self,
        project: Project,
        *,
        since: Instant | None,
        until: Instant | None,
        engine: str | None,
        name: str | None,
    ) -> StatisticsOverview:
        """A window of time from the start of a step on; without limits the last hour.

        Raises InvalidInput over 31 days.
        """
        start, end = window_of(since, until, now=self._clock.now(), default=HOUR)
        step = step_of(end - start)
        # So that the first point is a whole one.
        start -= start % step
        window = Window(since=start, until=end, step=step, engine=engine, name=name)
        sums = await self._views.sums(project.id, window)
        return oversee_statistics(sums, since=start, until=end, step=step)

    async def recent_runs(
        self, project: Project, *, engine: str | None, name: str | None
    ) -> RecentRuns:
        """Of the latest tasks, of a name or of all, where they ran and how that went."""
        page = await self._views.tasks(
            project.id, filtered(engine=engine, name=name), limit=MOST_RUNS
        )
        return oversee_runs(page.tasks)

    async def command(self, project: Project, command_id: CommandId) -> Command:
        """Raises NotFound."""
        command = await self._views.command(project.id, command_id)
        if command is None:
            raise NotFound(f"There is no command {command_id} in this project.")
        return command

    async def commands(
        self,
        project: Project,
        *,
        statuses: frozenset[CommandStatus] | None,
        task_id: str | None,
        cursor: str | None,
        limit: int,
    ) -> CommandPage:
        return await self._views.commands(
            project.id, statuses=statuses, task_id=task_id, cursor=cursor, limit=limit
        )

    async def events(
        self,
        project: Project,
        where: EventFilter,
        *,
        cursor: str | None,
        newest_first: bool,
        limit: int,
    ) -> EventPage:
        return await self._events.read(
            project.id, where, after=cursor, newest_first=newest_first, limit=limit
        )

    async def audit(
        self, project_id: ProjectId, where: AuditFilter, *, cursor: str | None, limit: int
    ) -> AuditPage:
        found = await self._journal.audit(project_id, where, before=cursor, limit=limit + 1)
        page = tuple(found[:limit])
        return AuditPage(page, page[-1].cursor if len(found) > len(page) > 0 else None)


def window_of(
    since: Instant | None, until: Instant | None, *, now: Instant, default: int
) -> tuple[Instant, Instant]:
    """Start and end of a window of time. Raises InvalidInput over 31 days."""
    end = now if until is None else until
    start = end - default if since is None else since
    if not 0 < end - start <= LONGEST_WINDOW:
        raise InvalidInput("since must lie before until, by 31 days at most", field="since")
    return start, end
