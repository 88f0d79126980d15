"""Lists that a user keeps under a name."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.access import Role
from ...domain.actions.fields import Parameter, Text
from ...domain.bookmarks import MAX_SEARCH, Bookmark
from .endpoint import IN_PROJECT, Answer, Endpoint, Route, body_of, caller_of, project_of
from .parts import ApiParts
from .schema import TEXT, object_of, page_of

BOOKMARK = object_of("Bookmark", name=TEXT, search=TEXT)
LIST = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/bookmarks",
    summary="The caller's own bookmarks, by name",
    tag="bookmarks",
    needs=Role.VIEWER,
    answers={200: page_of("bookmarks", BOOKMARK)},
)
KEEP = Endpoint(
    method="PUT",
    path=f"{IN_PROJECT}/bookmarks/{{name}}",
    summary="Keep a bookmark, or replace it",
    tag="bookmarks",
    needs=Role.VIEWER,
    body=(Parameter("search", Text(MAX_SEARCH), required=True),),
    answers={200: BOOKMARK},
    errors=(409,),
)
FORGET = Endpoint(
    method="DELETE",
    path=f"{IN_PROJECT}/bookmarks/{{name}}",
    summary="Delete a bookmark",
    tag="bookmarks",
    needs=Role.VIEWER,
    answers={204: None},
)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def bookmarks(request: web.Request) -> Answer:
        """Of the list of tasks, as the dashboard's address has them. An API key has none."""
        found = await parts.bookmarks.all_of(project_of(request), caller_of(request))
        return Answer({"bookmarks": [_render(each) for each in found], "next_cursor": None})

    async def keep(request: web.Request) -> Answer:
        """A user keeps 100 in each project."""
        bookmark = Bookmark(request.match_info["name"], body_of(request)["search"])
        await parts.bookmarks.keep(project_of(request), caller_of(request), bookmark)
        return Answer(_render(bookmark))

    async def forget(request: web.Request) -> Answer:
        name = request.match_info["name"]
        await parts.bookmarks.forget(project_of(request), caller_of(request), name)
        return Answer(None, status=204)

    yield LIST, bookmarks
    yield KEEP, keep
    yield FORGET, forget


def _render(bookmark: Bookmark) -> dict[str, object]:
    return {"name": bookmark.name, "search": bookmark.search}
