"""`/metrics` for Prometheus: text, outside the API. It tells of all projects, so it takes an API key
that may read all of them, or an instance administrator, unless the brain is told to let everybody."""

from __future__ import annotations

from aiohttp import web

from ...domain.services.checkup import Checkup
from ...ports.metrics import Metrics
from .gate import Gate

PATH = "/metrics"


def add_metrics(
    app: web.Application, metrics: Metrics, checkup: Checkup, gate: Gate, *, public: bool
) -> None:
    async def scrape(request: web.Request) -> web.Response:
        if not public:
            await gate.everywhere(request)
        signs = checkup.signs(await checkup.depths())
        return web.Response(
            body=metrics.exposition(signs),
            headers={
                "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
                "Cache-Control": "no-store",
            },
        )

    app.router.add_get(PATH, scrape)
