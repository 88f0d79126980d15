"""Which bodies are taken at all, before anybody reads one."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from .errors import LengthRequired, answer


@web.middleware
async def measured(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers a body in chunks with LengthRequired, and lets go of its connection: a megabyte in chunks
    of one byte takes the event loop's time for half a minute, for whoever asks."""
    if "Transfer-Encoding" not in request.headers:
        return await handler(request)
    refused = answer(LengthRequired())
    refused.force_close()
    await refused.prepare(request)
    await refused.write_eof()
    # aiohttp would go on to read the body, for ten seconds.
    request.protocol.force_close()
    return refused
