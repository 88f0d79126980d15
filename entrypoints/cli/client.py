"""The brain's HTTP API, as the command line calls it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ...domain.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    StoreUnavailable,
    TaskdeckError,
    Unauthenticated,
)
from .failures import Unreachable

TIMEOUT_SECONDS = 15
DOWNLOAD_SECONDS = 120
PIECE = 64 * 1024

ERRORS: Mapping[int, type[TaskdeckError]] = {
    400: InvalidInput,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    503: StoreUnavailable,
}


class BrainClient:
    """One connection to a brain, kept open between calls.

    Errors of the API are raised as the errors they were; Unreachable if nobody answers.
    """

    def __init__(self, url: str, key: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidInput(f"{url!r} is not the URL of a brain, like http://127.0.0.1:7700")
        try:
            port = parts.port
        except ValueError as error:
            raise InvalidInput(f"{url!r} has no valid port: {error}") from None
        tls = parts.scheme == "https"
        connection = http.client.HTTPSConnection if tls else http.client.HTTPConnection
        self._connection = connection(parts.hostname, port, timeout=TIMEOUT_SECONDS)
        self._base = parts.path.rstrip("/") + "/api/v1"
        self._url = url
        self._headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}

    def get(self, *path: str, **query: Any) -> Any:
        """GET a path, given by its segments. Parameters that are None are left out."""
        return self._call("GET", _target(path, query))

    def post(self, *path: str, body: Mapping[str, Any]) -> Any:
        return self._call("POST", _target(path, {}), json.dumps(body).encode())

    def pages(self, *path: str, items: str, most: int, **query: Any) -> Iterator[Any]:
        """The items of a listing, page after page, until there are `most`."""
        left, cursor = most, None
        while left > 0:
            page = self.get(*path, limit=min(left, 500), cursor=cursor, **query)
            yield from page[items]
            left, cursor = left - len(page[items]), page["next_cursor"]
            # A page of a search may be empty and still say how to go on.
            if cursor is None:
                return

    def download(self, *path: str, **query: Any) -> Iterator[bytes]:
        """What a path answers, in pieces as they come. Raises Unreachable where it breaks off."""
        try:
            response = self._ask("GET", _target(path, query), None)
            if response.status >= 400:
                raise _error(response.status, json.loads(response.read()))
            if self._connection.sock is not None:
                # A search may look for long before it finds anything.
                self._connection.sock.settimeout(DOWNLOAD_SECONDS)
            while piece := response.read1(PIECE):
                yield piece
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(f"The download from {self._url} broke off: {error}.") from error
        finally:
            self._connection.close()

    def close(self) -> None:
        self._connection.close()

    def _call(self, method: str, target: str, body: bytes | None = None) -> Any:
        try:
            status, answer = self._exchange(method, target, body)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Unreachable(
                f"No brain answers at {self._url} ({str(error) or type(error).__name__}). "
                "Start one with: taskdeck serve; or name another with --url."
            ) from error
        try:
            document = json.loads(answer)
        except ValueError:
            raise Unreachable(f"What answers at {self._url} is not a brain.") from None
        if status >= 400:
            raise _error(status, document)
        return document

    def _exchange(self, method: str, target: str, body: bytes | None) -> tuple[int, bytes]:
        response = self._ask(method, target, body)
        return response.status, response.read()

    def _ask(self, method: str, target: str, body: bytes | None) -> http.client.HTTPResponse:
        headers = self._headers | ({"Content-Type": "application/json"} if body else {})
        reused = self._connection.sock is not None
        try:
            self._connection.request(method, self._base + target, body, headers)
            return self._connection.getresponse()
        except http.client.RemoteDisconnected:
            # The brain may close a connection that idled; only then is asking again harmless.
            self._connection.close()
            if not reused or method != "GET":
                raise
            return self._ask(method, target, body)


def _target(path: tuple[str, ...], query: Mapping[str, Any]) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    try:
        target = "".join("/" + quote(segment, safe="") for segment in path)
        return f"{target}?{urlencode(given, doseq=True)}" if given else target
    except UnicodeEncodeError:
        raise InvalidInput("an argument is not valid UTF-8") from None


def _error(status: int, document: Any) -> TaskdeckError:
    said = document.get("error") if isinstance(document, dict) else None
    if not isinstance(said, dict):
        return ERRORS.get(status, TaskdeckError)(f"The brain answered {status}.")
    details = said.get("details")
    named = details if isinstance(details, dict) else {}
    return ERRORS.get(status, TaskdeckError)(str(said.get("message")), **named)
