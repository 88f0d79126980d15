"""The paths of the dashboard: one page for all of its addresses, and the files behind it."""

from __future__ import annotations

from html import escape

from aiohttp import web

from .assets import Asset, Assets

PAGE = "index.html"
PAGES = ("/", "/login", "/setup", "/account", "/p/{slug}", "/p/{slug}/{rest:.+}")
"""Addresses that people see; the browser's side tells them apart."""
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
FOR_EVER = "public, max-age=31536000, immutable"
NO_BUNDLE = (
    "This is Taskdeck, a control plane for Python task queues.\n"
    "The API is at /api/v1; agents connect at /ws/agent; try: taskdeck tasks list\n\n"
    "This install has no dashboard. In an install in place, build it with npm:\n"
    "  python entrypoints/dashboard/ui_bundle.py\n"
    "A wheel has it inside, unless it was built with TASKDECK_NO_UI=1.\n"
)


def add_dashboard(app: web.Application, assets: Assets | None = None, *, prefix: str = "") -> None:
    """`prefix` is the path under which a proxy that takes it away serves the brain: `/taskdeck`."""
    files = assets or Assets()

    async def page(request: web.Request) -> web.Response:
        found = files.find(PAGE)
        if found is None:
            return web.Response(text=NO_BUNDLE)
        if prefix:
            found = _below(found, prefix)
        return _answer(request, found, caching="no-cache")

    async def asset(request: web.Request) -> web.Response:
        found = files.find(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        return _answer(request, found, caching=FOR_EVER)

    for path in PAGES:
        app.router.add_get(path, page)
    app.router.add_get("/assets/{name}", asset)


def _below(page: Asset, prefix: str) -> Asset:
    """The page with its files under the prefix; they in turn learn it from their own address."""
    moved = page.body.replace(b'"/assets/', f'"{escape(prefix)}/assets/'.encode())
    return Asset(page.content_type, moved, packed={})


def _answer(request: web.Request, asset: Asset, *, caching: str) -> web.Response:
    body, encoding = asset.for_browser(request.headers.get("Accept-Encoding", ""))
    headers = {
        "Cache-Control": caching,
        "Content-Security-Policy": POLICY,
        "Vary": "Accept-Encoding",
    }
    if encoding is not None:
        headers["Content-Encoding"] = encoding
    return web.Response(
        body=body, content_type=asset.content_type, charset="utf-8", headers=headers
    )
