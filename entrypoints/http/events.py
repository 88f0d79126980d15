"""Both logs: what agents reported, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

from ...domain.access import Role
from ...domain.actions.fields import Parameter
from ...domain.audit import AuditFilter
from ...domain.events import EventKind
from ...domain.ids import INSTALLATION, ProjectId
from ...domain.queries import EventFilter
from .endpoint import (
    CURSOR,
    IN_PROJECT,
    LIMIT,
    MAX_LIMIT,
    Access,
    Answer,
    Endpoint,
    Route,
    project_of,
    query_of,
)
from .kinds import LINE, Choice, Digits, Moment, Switch
from .parts import ApiParts
from .render_accounts import named_in, render_entry
from .render_tasks import render_event
from .schema import page_of
from .schema_accounts import ENTRY
from .schema_tasks import EVENT

EVENTS = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/events",
    summary="The log of what agents reported",
    tag="events",
    needs=Role.VIEWER,
    query=(
        Parameter("kind", Choice(EventKind)),
        Parameter("engine", LINE),
        Parameter("task_id", LINE),
        Parameter("since", Moment()),
        Parameter("until", Moment()),
        Parameter("newest_first", Switch(), default=False),
        Parameter("limit", Digits(1, MAX_LIMIT), default=100),
        CURSOR,
    ),
    answers={200: page_of("events", EVENT)},
)
DECISION_FILTERS = (
    Parameter("actor", LINE),
    Parameter("kind", LINE),
    Parameter("since", Moment()),
    Parameter("until", Moment()),
)
DECISIONS = (*DECISION_FILTERS, LIMIT, CURSOR)
AUDIT = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/audit",
    summary="Who decided what in a project, newest first",
    tag="audit",
    needs=Role.ADMIN,
    query=DECISIONS,
    answers={200: page_of("entries", ENTRY)},
)
INSTALLATION_AUDIT = Endpoint(
    method="GET",
    path="/audit",
    summary="Who decided what outside of projects, newest first",
    tag="audit",
    needs=Access.INSTANCE,
    query=DECISIONS,
    answers={200: page_of("entries", ENTRY)},
)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def events(request: web.Request) -> Answer:
        """`newest_first=true` pages backwards; otherwise the cursor also finds what comes later."""
        query = query_of(request)
        named = ("kind", "engine", "task_id", "since", "until")
        page = await parts.queries.events(
            project_of(request),
            EventFilter(**{name: query[name] for name in named}),
            cursor=query["cursor"],
            newest_first=query["newest_first"],
            limit=query["limit"],
        )
        return Answer(
            {
                "events": [render_event(event) for event in page.events],
                "next_cursor": page.next_cursor,
            }
        )

    async def audit(request: web.Request) -> Answer:
        return await decisions_of(request, project_of(request).id)

    async def installation_audit(request: web.Request) -> Answer:
        """What belongs to no project: users, log-ins, keys for every project."""
        return await decisions_of(request, INSTALLATION)

    async def decisions_of(request: web.Request, project_id: ProjectId) -> Answer:
        query = query_of(request)
        page = await parts.queries.audit(
            project_id,
            await decisions_meant(parts, query),
            cursor=query["cursor"],
            limit=query["limit"],
        )
        names = await parts.names.of(named_in(page.entries))
        return Answer(
            {
                "entries": [render_entry(each, names) for each in page.entries],
                "next_cursor": page.next_cursor,
            }
        )

    yield EVENTS, events
    yield AUDIT, audit
    yield INSTALLATION_AUDIT, installation_audit


async def decisions_meant(parts: ApiParts, query: Mapping[str, Any]) -> AuditFilter:
    """What all of `DECISION_FILTERS` say together."""
    where = AuditFilter(**{each.name: query[each.name] for each in DECISION_FILTERS})
    return (
        where if where.actor is None else replace(where, actor=await parts.names.meant(where.actor))
    )
