"""All that a brain answers over HTTP, put together."""

from __future__ import annotations

from importlib.metadata import version
from urllib.parse import urlsplit

from aiohttp import web

from .agents_ws import add_agent_socket
from .container import Container
from .dashboard.pages import add_dashboard
from .dashboards_ws import add_dashboard_socket
from .http import routes
from .http.cookies import Cookies
from .http.gate import Gate
from .http.identify import Identify
from .http.metrics import add_metrics
from .http.parts import ApiParts
from .http.proxies import behind_proxies
from .http.request_ids import request_ids
from .link_parts import LinkParts
from .link_wheel import LinkWheel


def build_app(container: Container, wheel: LinkWheel) -> web.Application:
    """The web application: API, dashboard, and the sockets of agents and browsers."""
    settings, clock, codec = container.settings(), container.clock(), container.codec()
    sessions, notices = container.sessions(), container.notices()
    keys, logins, projects = container.keys(), container.logins(), container.projects()
    cookies = Cookies(
        secure=settings.url.startswith("https:"),
        installation=container.keyring().id_of("session cookie")[:8],
    )
    identify = Identify(
        keys=keys,
        logins=logins,
        cookies=cookies,
        clock=clock,
        own_url=settings.public_url,
        rate=settings.api_rate,
    )
    gate = Gate(identify=identify, projects=projects, codec=codec)
    app = routes.build_app(
        ApiParts(
            projects=projects,
            agents=container.agents(),
            keys=keys,
            users=container.users(),
            logins=logins,
            cookies=cookies,
            queries=container.queries(),
            failures=container.failures(),
            exports=container.exports(),
            commands=container.commands(),
            bulks=container.bulk.bulks(),
            bookmarks=container.bookmarks(),
            names=container.names(),
            sessions=sessions,
            checkup=container.checkup(),
            retention=container.retention(),
            clock=clock,
            codec=codec,
            notices=notices,
            identify=identify,
            gate=gate,
            version=version("taskdeck"),
        )
    )
    app.middlewares.insert(0, request_ids)
    app.middlewares.insert(0, behind_proxies(settings.trusted_proxies))
    parts = LinkParts(
        sessions=sessions,
        tokens=container.agent_tokens(),
        notices=notices,
        metrics=container.metrics(),
        wheel=wheel,
        max_frame_bytes=settings.max_frame_bytes,
    )
    add_agent_socket(app, parts)
    add_dashboard_socket(app, container.dashboards(), gate, codec)
    add_metrics(
        app,
        container.metrics(),
        container.checkup(),
        gate,
        public=settings.metrics_public == "yes",
    )
    add_dashboard(app, prefix=urlsplit(settings.url).path)
    return app
