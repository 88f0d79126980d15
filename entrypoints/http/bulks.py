"""Bulk operations: looked at beforehand, started, followed, paused, ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from aiohttp import web

from ...domain.access import Project, Role
from ...domain.actions.fields import Parameter, Text, Whole
from ...domain.actions.orders import MAX_IDEMPOTENCY_KEY
from ...domain.bulk import Bulk
from ...domain.bulk_items import MOST_ITEMS
from ...domain.ids import BulkId
from ...domain.search.lexer import MOST_CHARACTERS
from ...domain.services.bulks import DEFAULT_RATE, RATE, BulkRequest
from .endpoint import (
    CURSOR,
    IN_PROJECT,
    LIMIT,
    Answer,
    Endpoint,
    Route,
    body_of,
    caller_of,
    project_of,
    query_of,
)
from .kinds import LINE
from .parts import ApiParts
from .render_bulks import render_bulk, render_item, render_preview
from .schema import page_of
from .schema_bulks import BULK, BULK_PREVIEW, ITEM

IN_BULK = f"{IN_PROJECT}/bulk"
WANTED = (
    Parameter("action", LINE, required=True),
    # Required, too: the service says best why an empty query will not do.
    Parameter("query", Text(MOST_CHARACTERS), default=""),
)

LIST = Endpoint(
    method="GET",
    path=IN_BULK,
    summary="Bulk operations, newest first",
    tag="bulk",
    needs=Role.VIEWER,
    query=(LIMIT, CURSOR),
    answers={200: page_of("bulk", BULK)},
)
PREVIEW = Endpoint(
    method="POST",
    path=f"{IN_BULK}/preview",
    summary="What a bulk operation would act on",
    tag="bulk",
    needs=Role.VIEWER,
    body=WANTED,
    answers={200: BULK_PREVIEW},
)
START = Endpoint(
    method="POST",
    path=IN_BULK,
    summary="Start a bulk operation",
    tag="bulk",
    needs=Role.OPERATOR,
    body=(
        *WANTED,
        Parameter("rate_per_second", RATE, default=DEFAULT_RATE),
        Parameter("at_most", Whole(1, MOST_ITEMS), default=MOST_ITEMS),
        Parameter("idempotency_key", Text(MAX_IDEMPOTENCY_KEY)),
    ),
    answers={202: BULK},
    errors=(409,),
)
ONE = Endpoint(
    method="GET",
    path=f"{IN_BULK}/{{id}}",
    summary="A bulk operation",
    tag="bulk",
    needs=Role.VIEWER,
    answers={200: BULK},
)
ITEMS = Endpoint(
    method="GET",
    path=f"{IN_BULK}/{{id}}/items",
    summary="The tasks of a bulk operation, and what became of each",
    tag="bulk",
    needs=Role.VIEWER,
    query=(LIMIT, CURSOR),
    answers={200: page_of("items", ITEM)},
)


def routes(parts: ApiParts) -> Iterator[Route]:
    bulks = parts.bulks

    async def preview(request: web.Request) -> Answer:
        """Counts what matches, shows the newest, and says what stands in the way. Changes nothing."""
        seen = await bulks.preview(project_of(request), **body_of(request))
        return Answer(render_preview(seen))

    async def start(request: web.Request) -> Answer:
        """The set is frozen: tasks that come later are not in it. Nothing is started if more than
        `at_most` match. The same `idempotency_key` again answers with the first operation."""
        wanted = BulkRequest(**body_of(request))
        bulk = await bulks.start(project_of(request), wanted, caller_of(request).actor)
        return Answer(await _rendered(parts, bulk), status=202)

    async def all_of_them(request: web.Request) -> Answer:
        page = await bulks.list(project_of(request), **query_of(request))
        names = await parts.names.of(each.created_by for each in page.bulks)
        found = [render_bulk(each, names) for each in page.bulks]
        return Answer({"bulk": found, "next_cursor": page.next_cursor})

    async def one(request: web.Request) -> Answer:
        bulk = await bulks.one(project_of(request), _id(request))
        return Answer(await _rendered(parts, bulk))

    async def items(request: web.Request) -> Answer:
        page = await bulks.items(project_of(request), _id(request), **query_of(request))
        return Answer(
            {"items": [render_item(each) for each in page.items], "next_cursor": page.next_cursor}
        )

    yield LIST, all_of_them
    yield PREVIEW, preview
    yield START, start
    yield ONE, one
    yield ITEMS, items
    yield from _decisions(parts)


def _decisions(parts: ApiParts) -> Iterator[Route]:
    bulks = parts.bulks

    async def pause(request: web.Request) -> Answer:
        """What is under way goes on."""
        return await _decided(parts, request, bulks.pause)

    async def resume(request: web.Request) -> Answer:
        return await _decided(parts, request, bulks.resume)

    async def cancel(request: web.Request) -> Answer:
        """What was sent already goes on."""
        return await _decided(parts, request, bulks.cancel)

    yield _decision("pause", "Issue no more commands for now"), pause
    yield _decision("resume", "Go on"), resume
    yield _decision("cancel", "End it, and withdraw the commands that were not sent"), cancel


def _decision(verb: str, summary: str) -> Endpoint:
    return Endpoint(
        method="POST",
        path=f"{IN_BULK}/{{id}}/{verb}",
        summary=summary,
        tag="bulk",
        needs=Role.OPERATOR,
        answers={200: BULK},
        errors=(409,),
    )


async def _decided(
    parts: ApiParts,
    request: web.Request,
    decide: Callable[[Project, BulkId, str], Awaitable[Bulk]],
) -> Answer:
    bulk = await decide(project_of(request), _id(request), caller_of(request).actor)
    return Answer(await _rendered(parts, bulk))


async def _rendered(parts: ApiParts, bulk: Bulk) -> dict[str, Any]:
    return render_bulk(bulk, await parts.names.of([bulk.created_by]))


def _id(request: web.Request) -> BulkId:
    return BulkId(request.match_info["id"])
