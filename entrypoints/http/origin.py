"""Whether a request was made by a page of ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from ...domain.errors import Forbidden

DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def check_origin(request: web.Request, own_url: str | None, *, required: bool = False) -> None:
    """Raises Forbidden for a page of another site.

    Browsers send `Origin` with WebSockets and with all that changes something; other clients may
    leave it out, unless it is `required`. Ours is the public URL and, where none is set, whatever
    host the request was made to.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        allowed = not required
    elif own_url is None:
        allowed = _place(origin)[1] == request.host.lower()
    else:
        allowed = _place(origin) == _place(own_url)
    if not allowed:
        raise Forbidden("This request comes from a page of another site; see Z4J_PUBLIC_URL.")


def _place(url: str) -> tuple[str, str]:
    """Scheme and host as browsers write them in `Origin`; nothing for what is no URL."""
    try:
        parts = urlsplit(url.lower())
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc.removesuffix(DEFAULT_PORTS.get(parts.scheme, ""))
