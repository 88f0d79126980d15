"""Cheap polling: an answer that did not change is not sent again."""

from __future__ import annotations

from hashlib import sha256

from aiohttp import web
from aiohttp.typedefs import LooseHeaders

ASK_EACH_TIME = "no-cache, private"
NEVER_KEPT = "no-store"
"""By caches; a program may still keep an answer and its tag."""


def unless_known(request: web.Request, body: bytes, *, for_all: bool) -> web.Response:
    """The JSON with its weak ETag, or 304 if the client named that in `If-None-Match`."""
    tag = sha256(body).hexdigest()[:24]
    caching = ASK_EACH_TIME if for_all else NEVER_KEPT
    headers: LooseHeaders = {"Cache-Control": caching, "ETag": f'W/"{tag}"'}
    if any(known.value in (tag, "*") for known in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type="application/json", headers=headers)
