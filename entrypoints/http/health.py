"""Whether the brain lives, and whether it can work."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from .gate import Answer
from .parts import ApiParts
from .route import Route


def routes(parts: ApiParts) -> Iterator[Route]:
    async def health(_: web.Request) -> Answer:
        return Answer({"status": "ok", "version": parts.version})

    async def ready(_: web.Request) -> Answer:
        """503 while new connections should go elsewhere."""
        found = await parts.checkup.readiness()
        checks = {"brain": "ok", "database": "ok", "backlog": "ok", "listener": "ok"}
        body = {
            "status": "ok" if found.ready else "unavailable",
            **checks,
            **found.warnings,
            **found.problems,
            "sessions": len(parts.sessions),
        }
        return Answer(body, status=200 if found.ready else 503)

    yield "GET", "/health", parts.gate.open(health)
    yield "GET", "/ready", parts.gate.open(ready)
