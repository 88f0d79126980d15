"""Both logs: what agents reported, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import Caller, Role
from ...domain.audit import AuditFilter
from ...domain.events import EventKind
from ...domain.ids import INSTALLATION, ProjectId
from ...domain.queries import EventFilter
from .gate import Answer
from .inputs import Query
from .parts import ApiParts
from .render_accounts import render_entry
from .render_tasks import render_event
from .route import IN_PROJECT, Route, project_of

FILTERS = ("kind", "engine", "task_id", "since", "until")


def routes(parts: ApiParts) -> Iterator[Route]:
    async def events(request: web.Request, _: Caller) -> Answer:
        """`newest_first=true` pages backwards; otherwise the cursor also finds what comes later."""
        query = Query(request, *FILTERS, "newest_first", "limit", "cursor")
        kinds = query.choices("kind", EventKind) or frozenset()
        page = await parts.queries.events(
            project_of(request),
            EventFilter(
                kind=next(iter(kinds), None),
                engine=query.text("engine"),
                task_id=query.text("task_id"),
                since=query.instant("since"),
                until=query.instant("until"),
            ),
            cursor=query.cursor(),
            newest_first=query.flag("newest_first"),
            limit=query.limit(100),
        )
        return Answer(
            {
                "events": [render_event(event) for event in page.events],
                "next_cursor": page.next_cursor,
            }
        )

    async def audit(request: web.Request, _: Caller) -> Answer:
        return await decisions_of(request, project_of(request).id)

    async def installation_audit(request: web.Request, _: Caller) -> Answer:
        """What belongs to no project: users, log-ins, keys for every project."""
        return await decisions_of(request, INSTALLATION)

    async def decisions_of(request: web.Request, project_id: ProjectId) -> Answer:
        query = Query(request, "actor", "kind", "since", "until", "limit", "cursor")
        where = AuditFilter(
            actor=query.text("actor"),
            kind=query.text("kind"),
            since=query.instant("since"),
            until=query.instant("until"),
        )
        page = await parts.queries.audit(
            project_id, where, cursor=query.cursor(), limit=query.limit()
        )
        return Answer(
            {
                "entries": [render_entry(each) for each in page.entries],
                "next_cursor": page.next_cursor,
            }
        )

    needs = parts.gate.needs
    yield "GET", f"{IN_PROJECT}/events", needs(Role.VIEWER, events)
    yield "GET", f"{IN_PROJECT}/audit", needs(Role.ADMIN, audit)
    yield "GET", "/audit", parts.gate.instance(installation_audit)
