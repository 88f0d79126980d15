"""Tasks and decisions to keep: all that match, as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

from aiohttp import web

from ...domain.access import Role
from ...domain.actions.fields import Parameter
from ...domain.ids import INSTALLATION, ProjectId
from ...domain.instants import render_instant
from ...domain.journal import Recorded
from ...domain.projections.tasks import Task
from ...domain.services.names import Names
from .downloads import Downloads
from .endpoint import IN_PROJECT, Access, Endpoint, Route, project_of, query_of
from .events import DECISION_FILTERS, decisions_meant
from .kinds import Choice
from .parts import ApiParts
from .render_accounts import named_in, render_entry
from .render_tasks import LONG_FIELDS, SHORT_FIELDS, render_task
from .tables import MEDIA_TYPES, Format, Row
from .tasks import FILTERS, where_of

FORMAT = Parameter("format", Choice(Format), default=Format.CSV)
FILE = {200: tuple(MEDIA_TYPES.values())}
TASK_COLUMNS = (
    "engine", "task_id", "name", "state", "attempts", "received_at", "started_at", "finished_at",
    "first_seen_at", "last_event_at", "runtime_ms", "wait_ms", *SHORT_FIELDS, "fingerprint",
    *LONG_FIELDS,
)  # fmt: skip
ENTRY_COLUMNS = (
    "at", "actor", "actor_name", "address", "kind", "stream", "stream_name", "version", "data",
    "hash",
)  # fmt: skip

TASKS = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/tasks/export",
    summary="All tasks that match, as a file",
    tag="tasks",
    needs=Role.VIEWER,
    query=(FORMAT, *FILTERS),
    answers=FILE,
)
AUDIT = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/audit/export",
    summary="All decisions of a project that match, as a file",
    tag="audit",
    needs=Role.ADMIN,
    query=(FORMAT, *DECISION_FILTERS),
    answers=FILE,
)
INSTALLATION_AUDIT = Endpoint(
    method="GET",
    path="/audit/export",
    summary="All decisions outside of projects that match, as a file",
    tag="audit",
    needs=Access.INSTANCE,
    query=(FORMAT, *DECISION_FILTERS),
    answers=FILE,
)


def routes(parts: ApiParts) -> Iterator[Route]:
    downloads = Downloads(parts.codec, parts.notices)

    async def tasks(request: web.Request) -> web.StreamResponse:
        """Newest first, in the same language as the list. What happens to a task meanwhile moves it
        to the beginning, which is written already: an export is no snapshot of one moment. A
        connection that breaks off means that the file is not whole."""
        project, query = project_of(request), query_of(request)
        where = where_of(query, parts.clock.now())
        return await downloads.send(
            request,
            _rendered(parts.exports.tasks(project, where)),
            name=named(project.slug, "tasks"),
            format_=query["format"],
            columns=TASK_COLUMNS,
        )

    async def audit(request: web.Request) -> web.StreamResponse:
        """Newest first."""
        project = project_of(request)
        return await decisions_of(request, project.id, project.slug)

    async def installation_audit(request: web.Request) -> web.StreamResponse:
        """What belongs to no project, newest first."""
        return await decisions_of(request, INSTALLATION, "installation")

    async def decisions_of(
        request: web.Request, project_id: ProjectId, of: str
    ) -> web.StreamResponse:
        query = query_of(request)
        where = await decisions_meant(parts, query)
        pages = parts.exports.audit(project_id, where)
        return await downloads.send(
            request,
            _decisions(pages, parts.names),
            name=named(of, "audit"),
            format_=query["format"],
            columns=ENTRY_COLUMNS,
        )

    def named(of: str, what: str) -> str:
        second = render_instant(parts.clock.now()).partition(".")[0]
        return f"taskdeck-{of}-{what}-{second.replace('-', '').replace(':', '')}Z"

    yield TASKS, tasks
    yield AUDIT, audit
    yield INSTALLATION_AUDIT, installation_audit


async def _rendered(pages: AsyncIterator[Sequence[Task]]) -> AsyncIterator[Sequence[Row]]:
    async for page in pages:
        yield [_whole(task) for task in page]


async def _decisions(
    pages: AsyncIterator[Sequence[Recorded]], names: Names
) -> AsyncIterator[Sequence[Row]]:
    async for page in pages:
        named = await names.of(named_in(page))
        yield [render_entry(each, named) for each in page]


def _whole(task: Task) -> Row:
    row = {**render_task(task), **{name: task.field(name) for name in LONG_FIELDS}}
    return {column: row[column] for column in TASK_COLUMNS}
