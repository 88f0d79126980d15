"""Errors as HTTP answers: `{"error": {"code", "message", "details"}}`, mapped in this one place."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from typing import Any

from aiohttp import HttpVersion10, web
from aiohttp.typedefs import Handler, Middleware

from ...domain.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    StoreUnavailable,
    TaskdeckError,
    Throttled,
    Unauthenticated,
)
from ...domain.notices import Notice, Severity
from ...ports.notices import Notices


class LengthRequired(TaskdeckError):
    """A body in chunks is not taken. Send it whole, with its `Content-Length`."""

    code = "length_required"


class TooLarge(TaskdeckError):
    """The body of the request is too large."""

    code = "too_large"


class UnsupportedMedia(TaskdeckError):
    """The body must be JSON: send it with `Content-Type: application/json`."""

    code = "unsupported_media_type"


STATUSES: Mapping[type[TaskdeckError], int] = {
    InvalidInput: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    LengthRequired: 411,
    TooLarge: 413,
    UnsupportedMedia: 415,
    Throttled: 429,
    StoreUnavailable: 503,
}
"""The status of an error is that of its nearest class; what is not here is our fault: 500."""

_CODES = {404: "not_found", 405: "method_not_allowed", 413: TooLarge.code}


def errors_as_json(notices: Notices) -> Middleware:
    """Answer every error of the handlers below in the one shape that clients know."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if request.version < HttpVersion10:
                raise InvalidInput("speak HTTP/1.1")
            return await handler(request)
        except TaskdeckError as error:
            return answer(error)
        except web.HTTPException as error:
            return _translated(request, error)
        except Exception:  # the outermost frame: a bug must not take the connection down
            notices.tell(_failure(request))
            return _body(500, TaskdeckError.code, "The brain failed; its log says why.", {})

    return middleware


def status_of(error: TaskdeckError) -> int:
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def answer(error: TaskdeckError) -> web.Response:
    """The error as clients know it."""
    response = _body(status_of(error), error.code, error.message, error.details)
    match error:
        case Unauthenticated():
            response.headers["WWW-Authenticate"] = 'Bearer realm="taskdeck"'
        case Throttled(retry_after=seconds):
            response.headers["Retry-After"] = str(seconds)
        case StoreUnavailable():
            response.headers["Retry-After"] = "1"
        case _:
            pass
    return response


def _translated(request: web.Request, error: web.HTTPException) -> web.Response:
    """What aiohttp itself refuses: unknown paths, wrong methods."""
    message = f"There is no {request.path}." if error.status == 404 else f"{error.reason}."
    response = _body(error.status, _CODES.get(error.status, InvalidInput.code), message, {})
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _body(status: int, code: str, message: str, details: Mapping[str, Any]) -> web.Response:
    error = {"code": code, "message": message, "details": dict(details)}
    # ASCII, because a message may quote input that UTF-8 cannot say.
    text = json.dumps({"error": error}, ensure_ascii=True, default=str)
    return web.Response(status=status, text=text, content_type="application/json")


def _failure(request: web.Request) -> Notice:
    return Notice(
        Severity.ERROR,
        "http.failed",
        f"{request.method} {request.path} failed; this is a defect, please report it.",
        {"traceback": traceback.format_exc()},
    )
