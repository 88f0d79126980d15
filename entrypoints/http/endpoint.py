"""What the API says of one path: routing, checks of the input and the document all come from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from aiohttp import web

from ...domain.access import Caller, Project, Role
from ...domain.actions.fields import Parameter, Text
from ...domain.bookmarks import MAX_NAME
from ...domain.events import MAX_ENGINE, MAX_TASK_ID
from ...domain.paging import MAX_CURSOR
from .kinds import Digits, Reported
from .schema import Schema

MAX_LIMIT = 500
IN_PROJECT = "/projects/{slug}"


class Access(StrEnum):
    """Who may, where that is no role in the project of the path."""

    OPEN = "open"
    KNOWN = "known"
    """Whoever is authenticated; the handler looks further."""
    INSTANCE = "instance"
    """Instance administrators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A path behind the base, with one method. The handler's docstring is its description.

    400 and 503, and 401, 403, 404, 413, 415 and 429 where they can come, need not be declared.
    """

    method: str
    path: str
    summary: str
    tag: str
    needs: Access | Role
    answers: Mapping[int, Schema | tuple[str, ...] | None]
    """Status -> schema of the JSON, or media types of something else, or None for no body."""
    query: tuple[Parameter, ...] = ()
    body: tuple[Parameter, ...] | None = None
    """Fields of the JSON object; where none is required, the body may be left out."""
    errors: tuple[int, ...] = ()
    """Further statuses with an error as their answer."""
    private: bool = False
    """Its answer holds a secret, so that nobody keeps it, also not to compare it with the next."""

    @property
    def tagged(self) -> bool:
        """Whether an answer has an ETag, and 304 may say that it did not change."""
        return self.method == "GET" and not self.private and isinstance(self.answers.get(200), dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler has to say: a JSON body, or none, and a status."""

    body: Mapping[str, Any] | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler: TypeAlias = Callable[[web.Request], Awaitable[Answer | web.StreamResponse]]
Route: TypeAlias = tuple[Endpoint, Handler]

LIMIT = Parameter("limit", Digits(1, MAX_LIMIT), default=50)
CURSOR = Parameter("cursor", Text(MAX_CURSOR))

PATH_PARAMETERS: Mapping[str, Parameter] = {
    each.name: each
    for each in (
        Parameter("slug", Text(64), required=True),
        Parameter("id", Text(), required=True),
        Parameter("user_id", Text(), required=True),
        Parameter("name", Text(MAX_NAME), required=True),
        Parameter("engine", Reported(MAX_ENGINE), required=True),
        Parameter("task_id", Reported(MAX_TASK_ID), required=True),
    )
}
"""What the names in braces stand for."""

CALLER = web.RequestKey("caller", Caller)
PROJECT = web.RequestKey("project", Project)
QUERY = web.RequestKey("query", dict[str, Any])
BODY = web.RequestKey("body", dict[str, Any])


def caller_of(request: web.Request) -> Caller:
    """Who calls; not for open paths."""
    return request[CALLER]


def project_of(request: web.Request) -> Project:
    """The project in the path, which the gate found."""
    return request[PROJECT]


def query_of(request: web.Request) -> dict[str, Any]:
    """Every declared query parameter, checked; None or its default if it was not given."""
    return request[QUERY]


def body_of(request: web.Request) -> dict[str, Any]:
    """Every declared field of the body, checked; None or its default if it was not given."""
    return request[BODY]
