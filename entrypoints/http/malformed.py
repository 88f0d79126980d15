"""Bytes that are no HTTP: answered 400 by the server underneath, which logs them like a defect."""

from __future__ import annotations

import logging

from aiohttp.http_exceptions import HttpProcessingError

SERVER_LOG = logging.getLogger("taskdeck.http.server")
"""For the server's `logger`."""


def _is_ours(record: logging.LogRecord) -> bool:
    """Whoever sends such bytes must not fill the log, and they may hold a token."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


SERVER_LOG.addFilter(_is_ours)
