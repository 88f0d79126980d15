"""Answers of any length: sent page by page, as fast as the client takes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager

from aiohttp import web

from ...domain.errors import StoreUnavailable, TaskdeckError, Throttled
from ...domain.notices import Notice, Severity
from ...ports.codec import Codec
from ...ports.notices import Notices
from .tables import MEDIA_TYPES, Format, Row, heading, writer_of

MOST_AT_ONCE = 4
"""Downloads of one replica; whoever comes next is asked to come again."""
PAGE_SECONDS = 30
"""For one page to come out of the database, and for the client to take a chunk."""
WHOLE_SECONDS = 3_600
CHUNK = 64 * 1024


class Downloads:
    def __init__(self, codec: Codec, notices: Notices) -> None:
        self._codec = codec
        self._notices = notices
        self._running = 0

    async def send(
        self,
        request: web.Request,
        pages: AsyncIterator[Sequence[Row]],
        *,
        name: str,
        format_: Format,
        columns: Sequence[str],
    ) -> web.StreamResponse:
        """Send all rows. What fails before the first page is answered as an error; what fails later
        breaks the connection off, so that nobody takes a part for the whole.

        Raises Throttled, and what the first page raises.
        """
        with self._one_more():
            page = await _next(pages)
            response = web.StreamResponse(headers=_headers(name, format_))
            await response.prepare(request)
            buffer = _Buffer(request, response)
            write = writer_of(format_, columns, self._codec)
            try:
                async with asyncio.timeout(WHOLE_SECONDS):
                    await buffer.add(heading(format_, columns))
                    while page is not None:
                        for row in page:
                            await buffer.add(write(row))
                        await buffer.flush()
                        page = await _next(pages)
                    await response.write_eof()
            except ConnectionError:
                pass  # the client went away: nobody is left to be told
            except (TaskdeckError, TimeoutError) as error:
                self._notices.tell(_broken(request, error))
                if request.transport is not None:
                    request.transport.abort()
        return response

    @contextmanager
    def _one_more(self) -> Iterator[None]:
        if self._running >= MOST_AT_ONCE:
            raise Throttled(
                f"{MOST_AT_ONCE} downloads are under way; try again when one has ended.",
                retry_after=10,
            )
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1


class _Buffer:
    """Gathers rows to chunks, and waits until the client has taken them."""

    def __init__(self, request: web.Request, response: web.StreamResponse) -> None:
        self._request = request
        self._response = response
        self._bytes = bytearray()

    async def add(self, line: bytes) -> None:
        self._bytes += line
        if len(self._bytes) >= CHUNK:
            await self.flush()

    async def flush(self) -> None:
        """Raises ConnectionError, also where there was nothing to send, and TimeoutError."""
        transport = self._request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError
        if self._bytes:
            async with asyncio.timeout(PAGE_SECONDS):
                await self._response.write(bytes(self._bytes))
            self._bytes.clear()


async def _next(pages: AsyncIterator[Sequence[Row]]) -> Sequence[Row] | None:
    """None at the end. Raises StoreUnavailable."""
    try:
        async with asyncio.timeout(PAGE_SECONDS):
            return await anext(pages, None)
    except TimeoutError:
        raise StoreUnavailable(f"The database gave no page in {PAGE_SECONDS} s.") from None


def _headers(name: str, format_: Format) -> Mapping[str, str]:
    return {
        "Content-Type": f"{MEDIA_TYPES[format_]}; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}.{format_}"',
        "Cache-Control": "no-store",
    }


def _broken(request: web.Request, error: Exception) -> Notice:
    reason = str(error) or f"it took longer than {WHOLE_SECONDS} s, or the client took nothing"
    return Notice(
        Severity.WARNING, "http.download_broken", f"{request.path} was broken off: {reason}"
    )
