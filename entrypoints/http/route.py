"""One path of the API."""

from __future__ import annotations

from typing import TypeAlias

from aiohttp import web
from aiohttp.typedefs import Handler

from ...domain.access import Project

Route: TypeAlias = tuple[str, str, Handler]
"""Method, path behind the base, handler."""

IN_PROJECT = "/projects/{slug}"
PROJECT = web.RequestKey("project", Project)


def project_of(request: web.Request) -> Project:
    """The project in the path, which the gate found."""
    return request[PROJECT]
