"""Who calls: an API key in `Authorization: Bearer`, or a session cookie."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from aiohttp import web

from ...domain.access import Caller
from ...domain.errors import Forbidden, Throttled, Unauthenticated
from ...domain.instants import Instant
from ...domain.services.keys import Keys
from ...domain.services.logins import Logins
from ...ports.clock import Clock
from .cookies import Cookies
from .origin import check_origin
from .throttle import BucketLimits, TokenBuckets

MAX_KEY = 200
KNOWN_SECRETS = 1_024
BURST_SECONDS = 4
"""So long a caller that rested may make all its requests at once."""
SCHEME = "bearer "
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"
Prove: TypeAlias = Callable[[str], Awaitable[Caller]]


class Identify:
    """An address that failed too often is refused unheard, except with a secret that was good before:
    behind a proxy all clients share one address, and one of them must not lock out the others.
    """

    def __init__(
        self,
        *,
        keys: Keys,
        logins: Logins,
        cookies: Cookies,
        clock: Clock,
        own_url: str | None,
        rate: int,
    ) -> None:
        """`rate` is how many requests a second one key or session may make."""
        self._keys = keys
        self._logins = logins
        self._cookies = cookies
        self._clock = clock
        self._own_url = own_url
        self._failures = TokenBuckets()
        self._requests = TokenBuckets(
            BucketLimits(burst=BURST_SECONDS * rate, refill_seconds=1 / rate)
        )
        self._good: OrderedDict[bytes, None] = OrderedDict()

    async def caller(self, request: web.Request) -> Caller:
        """Raises Unauthenticated, Throttled; Forbidden for what other sites made a browser do."""
        secret, prove = self._shown(request)
        caller = await self._proved(request, secret, prove)
        if request.method not in SAFE_METHODS and "Authorization" not in request.headers:
            self._check_page(request, secret)
        return caller

    async def still(self, request: web.Request) -> Caller:
        """The caller, asked for again later with the request that a socket began with.

        It is never throttled: who was shut out would stay by using up what the address may ask.
        Raises Unauthenticated.
        """
        secret, prove = self._shown(request)
        return await prove(secret)

    def check_origin(self, request: web.Request) -> None:
        """Raises Forbidden for a page of another site."""
        check_origin(request, self._own_url)

    def check_socket(self, request: web.Request) -> None:
        """For upgrades: no other site's page may use the cookie. Raises Forbidden."""
        check_origin(request, self._own_url, required="Authorization" not in request.headers)

    def _check_page(self, request: web.Request, token: str) -> None:
        self.check_origin(request)
        shown = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(shown.encode(), self._logins.csrf_token(token).encode()):
            raise Forbidden(f"Send the csrf_token of GET /me in the header {CSRF_HEADER}.")

    def _count(self, secret_hash: str, now: Instant) -> None:
        """Before the database is asked. Raises Throttled."""
        wait = self._requests.wait(secret_hash, now)
        if wait:
            raise Throttled(
                "Too many requests with this key or session; see Z4J_API_RATE.", retry_after=wait
            )
        self._requests.take(secret_hash, now)

    def _shown(self, request: web.Request) -> tuple[str, Prove]:
        """The secret that a request shows, and what it is proved by. Raises Unauthenticated."""
        if "Authorization" in request.headers:
            return _bearer(request), self._keys.authenticate
        token = self._cookies.token(request)
        if token is None:
            raise Unauthenticated
        return token, self._logins.authenticate

    async def _proved(self, request: web.Request, secret: str, prove: Prove) -> Caller:
        address, now = request.remote or "", self._clock.now()
        digest = hashlib.sha256(secret.encode()).digest()
        wait = self._failures.wait(address, now)
        if wait and digest not in self._good:
            raise Throttled(
                "Too many failed attempts to authenticate from this address. Wait, then use a "
                "valid key.",
                retry_after=wait,
            )
        self._count(digest.hex(), now)
        try:
            caller = await prove(secret)
        except Unauthenticated:
            self._good.pop(digest, None)
            self._failures.take(address, now)
            raise
        self._good[digest] = None
        self._good.move_to_end(digest)
        if len(self._good) > KNOWN_SECRETS:
            self._good.popitem(last=False)
        return replace(caller, address=request.remote)


def _bearer(request: web.Request) -> str:
    """The key that a request shows. Raises Unauthenticated."""
    header = request.headers.get("Authorization", "")
    key = header[len(SCHEME) :].strip()
    if not header.lower().startswith(SCHEME) or not 1 <= len(key) <= MAX_KEY or not key.isascii():
        raise Unauthenticated
    return key
