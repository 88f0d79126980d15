"""Whether the brain lives, and whether it can work."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from .endpoint import Access, Answer, Endpoint, Route
from .parts import ApiParts
from .schema import TEXT, WHOLE, object_of

READINESS = object_of(
    "Readiness",
    status=TEXT,
    brain=TEXT,
    database=TEXT,
    backlog=TEXT,
    listener=TEXT,
    retention=TEXT,
    sessions=WHOLE,
)
HEALTH = Endpoint(
    method="GET",
    path="/health",
    summary="Whether the brain lives",
    tag="health",
    needs=Access.OPEN,
    answers={200: object_of(status=TEXT, version=TEXT)},
)
READY = Endpoint(
    method="GET",
    path="/ready",
    summary="Whether connections should be sent here",
    tag="health",
    needs=Access.OPEN,
    answers={200: READINESS, 503: READINESS},
)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def health(_: web.Request) -> Answer:
        return Answer({"status": "ok", "version": parts.version})

    async def ready(_: web.Request) -> Answer:
        """503 while new connections should go elsewhere."""
        found = await parts.checkup.readiness()
        checks = dict.fromkeys(("brain", "database", "backlog", "listener", "retention"), "ok")
        body = {
            "status": "ok" if found.ready else "unavailable",
            **checks,
            **found.warnings,
            **found.problems,
            "sessions": len(parts.sessions),
        }
        return Answer(body, status=200 if found.ready else 503)

    yield HEALTH, health
    yield READY, ready
