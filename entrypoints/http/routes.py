"""All paths of the API, and what wraps them."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from . import (
    agents,
    commands,
    entrance,
    events,
    fleet,
    health,
    keys,
    projects,
    setup,
    tasks,
    users,
)
from .errors import errors_as_json
from .parts import ApiParts

BASE = "/api/v1"
MODULES = (health, setup, entrance, users, projects, keys, agents, fleet, tasks, commands, events)
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def build_app(parts: ApiParts) -> web.Application:
    """The web application with the API."""
    app = web.Application(middlewares=[secured, errors_as_json(parts.notices)])
    for module in MODULES:
        for method, path, handler in module.routes(parts):
            app.router.add_route(method, BASE + path, handler)
    return app


@web.middleware
async def secured(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    if not response.prepared:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
    return response
