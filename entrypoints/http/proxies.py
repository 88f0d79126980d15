"""Who really asks, where a proxy that is trusted says so: X-Forwarded-For and X-Forwarded-Proto.

Anybody can send these headers; only those that the nearest trusted proxy added are believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TypeAlias

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
MOST_HOPS = 32


def behind_proxies(trusted: str) -> Middleware:
    """`request.remote` and `request.scheme` as trusted proxies tell them; `trusted` is a list of
    networks with commas, as in Z4J_TRUSTED_PROXIES."""
    networks = [ip_network(part.strip()) for part in trusted.split(",") if part.strip()]

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        nearest = _address(request.remote or "")
        if nearest is not None and _is_trusted(nearest, networks):
            client = _client(nearest, _listed(request, "X-Forwarded-For"), networks)
            request = request.clone(remote=str(client), scheme=_scheme(request))
        return await handler(request)

    return middleware


def _client(nearest: Address, hops: Sequence[str], networks: Sequence[Network]) -> Address:
    """The last address that no trusted proxy has, or the farthest of theirs."""
    client = nearest
    for hop in reversed(hops[-MOST_HOPS:]):
        address = _address(hop)
        if address is None:
            return client
        client = address
        if not _is_trusted(address, networks):
            return client
    return client


def _scheme(request: web.Request) -> str:
    """What the nearest proxy said: what stands before it may be the client's own."""
    said = _listed(request, "X-Forwarded-Proto")[-1:]
    return said[0] if said in (["http"], ["https"]) else request.scheme


def _listed(request: web.Request, name: str) -> list[str]:
    """A header that is a list, however many lines it came in."""
    lines = request.headers.getall(name, [])
    return [part.strip().lower() for line in lines for part in line.split(",")]


def _address(text: str) -> Address | None:
    """An address in its one form, so that nobody counts as several; some proxies add the port."""
    host, _, port = text.rpartition(":")
    if port.isdecimal() and ("." in host or host.endswith("]")):
        text = host
    try:
        parsed = ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    if isinstance(parsed, IPv4Address):
        return parsed
    return parsed.ipv4_mapped or IPv6Address(int(parsed))


def _is_trusted(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
