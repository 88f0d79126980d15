"""An id for each HTTP request: in its log lines, and back to who asked."""

from __future__ import annotations

import logging
import re
import time
import uuid

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

HEADER = "X-Request-Id"
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_FREQUENT = frozenset({"/api/v1/health", "/api/v1/ready", "/metrics"})
"""Asked by machines every few seconds: told at the level debug."""

log = logging.getLogger("taskdeck.http")


@web.middleware
async def request_ids(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Outermost, so that errors are answered already. Paths are logged without their query, which
    may hold what people look for in arguments."""
    given = request.headers.get(HEADER, "")
    request_id = given if _SANE.fullmatch(given) else uuid.uuid4().hex
    begun = time.perf_counter()
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        response = await handler(request)
        if not response.prepared:
            response.headers[HEADER] = request_id
        log.log(
            logging.DEBUG if request.path in _FREQUENT else logging.INFO,
            "%s %r %s",
            request.method,
            request.path,
            response.status,
            extra={
                "fields": {
                    "method": request.method,
                    "path": request.path,
                    "status": response.status,
                    "milliseconds": round((time.perf_counter() - begun) * 1_000, 1),
                    "remote": request.remote,
                }
            },
        )
    return response
