"""The port that agents and people come in by."""

from __future__ import annotations

import errno
import os

from aiohttp import web

from ..domain.errors import ConfigurationError
from .settings import Settings

BACKLOG = 1024


async def listen(runner: web.AppRunner, settings: Settings) -> web.TCPSite:
    """Open the port. Raises ConfigurationError where it cannot be had."""
    site = web.TCPSite(
        runner,
        settings.bind_host,
        settings.bind_port,
        backlog=BACKLOG,
        reuse_port=True if settings.workers > 1 else None,
    )
    try:
        await site.start()
    except OSError as error:
        place = f"{settings.bind_host}:{settings.bind_port}"
        taken = error.errno == errno.EADDRINUSE
        why = "it is in use" if taken else os.strerror(error.errno or errno.EINVAL)
        raise ConfigurationError(
            f"Cannot listen on {place}: {why}. Choose another port with --port or Z4J_BIND_PORT, "
            "another address with Z4J_BIND_HOST."
        ) from None
    return site


def address(runner: web.AppRunner, settings: Settings) -> str:
    """The URL, with the real port where any was asked for."""
    if settings.bind_port != 0 or settings.public_url is not None:
        return settings.url
    port = runner.addresses[0][1]
    return settings.url.replace(":0", f":{port}")
