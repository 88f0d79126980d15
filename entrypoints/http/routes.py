"""All paths of the API, and what wraps them."""

from __future__ import annotations

from aiohttp import web

from . import (
    agents,
    bookmarks,
    bulks,
    commands,
    entrance,
    events,
    exports,
    failures,
    fleet,
    health,
    keys,
    projects,
    retention,
    setup,
    tasks,
    users,
)
from .bodies import measured
from .endpoint import Access, Answer, Endpoint, Route
from .errors import errors_as_json
from .openapi import document
from .parts import ApiParts
from .schema import OBJECT

BASE = "/api/v1"
MODULES = (
    health,
    setup,
    entrance,
    users,
    projects,
    keys,
    agents,
    fleet,
    failures,
    exports,
    tasks,
    commands,
    bulks,
    events,
    bookmarks,
    retention,
)
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
DOCUMENT = Endpoint(
    method="GET",
    path="/openapi.json",
    summary="This document",
    tag="document",
    needs=Access.OPEN,
    answers={200: OBJECT},
)


def build_app(parts: ApiParts) -> web.Application:
    """The web application with the API."""
    app = web.Application(middlewares=[errors_as_json(parts.notices), measured])
    app.on_response_prepare.append(secure)
    for endpoint, handler in all_routes(parts):
        app.router.add_route(
            endpoint.method, BASE + endpoint.path, parts.gate.serve(endpoint, handler)
        )
    return app


def all_routes(parts: ApiParts) -> list[Route]:
    """Every path, with the document that tells of all of them."""

    async def openapi(_: web.Request) -> Answer:
        return Answer(written)

    routes = [route for module in MODULES for route in module.routes(parts)]
    routes.append((DOCUMENT, openapi))
    written = document(BASE, parts.version, parts.cookies.name, routes)
    return routes


async def secure(_: web.Request, response: web.StreamResponse) -> None:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
