"""What the tests of the dashboard look at."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from taskdeck.domain.access import Role
from taskdeck.domain.instants import MINUTE
from taskdeck.domain.services.users import NewUser

from ..agent_client import AgentClient, wire_event
from ..integration.brain import Brain

PASSWORD = "correct horse battery"
EVIL = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'
EVIL_LINK = "javascript:window.pwned=1"
MANY = 150

# A slow machine that does ten other things is no failure.
expect.set_options(timeout=60_000)


@dataclass
class Site:
    brain: Brain
    agent: AgentClient
    logins: dict[str, Any] = field(default_factory=dict)
    """Cookies by user name, as Playwright stores them."""

    async def report(self, *events: dict[str, Any]) -> None:
        """Send events and wait until they are stored."""
        await self.agent.send_events(*events)
        await self.agent.ack()

    def event(self, kind: str, task_id: str, **data: Any) -> dict[str, Any]:
        return wire_event(f"task.{kind}", task_id, at=self.brain.now(), **data)


def fresh(name: str) -> str:
    """A name that no other try of a test has used: the brain is one for all."""
    return f"{name}-{secrets.token_hex(4)}"


async def copied(page: Page) -> str:
    """What the page put on the clipboard, once it says that it did."""
    await expect(page.locator(".toast", has_text="copied")).to_be_visible()
    text: str = await page.evaluate("navigator.clipboard.readText()")
    return text


class Watched:
    """A page that must stay without script errors and without violations of its policy."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._wrong: list[str] = []

    async def __aenter__(self) -> Page:
        page = await self._context.new_page()
        page.on("pageerror", lambda error: self._wrong.append(str(error)))
        page.on("console", self._heard)
        return page

    async def __aexit__(self, *_: object) -> None:
        for page in self._context.pages:
            # An answer of the test's own that comes too late would fail whichever test is next.
            await page.unroute_all(behavior="ignoreErrors")
        await self._context.close()
        assert self._wrong == []

    def _heard(self, message: ConsoleMessage) -> None:
        # The network's errors are answers that the page shows: the tests look at those.
        expected = ("Failed to load resource", "WebSocket connection")
        if message.type == "error" and not any(each in message.text for each in expected):
            self._wrong.append(message.text)


@asynccontextmanager
async def worker(brain: Brain) -> AsyncIterator[AgentClient]:
    async with brain.connect() as client:
        await client.greet(
            f"w1{EVIL}", host={"name": EVIL}, framework="bare", agent_version="<b>1</b>"
        )
        yield client


async def prepared(brain: Brain, agent: AgentClient, browser: Browser) -> Site:
    site = Site(brain, agent)
    await _users(site, browser)
    await _tasks(site)
    depths = '{"mail": 12, "<img src=x onerror=window.pwned=1>": 3}'
    health = {"celery.queue_depths": depths, "celery.broker_type": EVIL}
    beat = {"buffer_size": 0, "last_flush_at": None, "dropped_events": 0, "adapter_health": health}
    await agent.send("heartbeat", "hb_1", {**beat, "telemetry_loss": None})
    return site


def new_user(username: str, name: str, *, admin: bool) -> NewUser:
    return NewUser(username=username, password=PASSWORD, name=name, instance_admin=admin)


async def _users(site: Site, browser: Browser) -> None:
    users = site.brain.container.users()
    await users.create(new_user("anna", "Anna", admin=True), "test")
    vera = await users.create(new_user("vera", EVIL[:36], admin=False), "test")
    await users.grant(site.brain.project, vera.id, Role.VIEWER, "test")
    for name in ("anna", "vera"):
        site.logins[name] = await logged_in(browser, site.brain.url, name)


async def logged_in(browser: Browser, url: str, name: str) -> Any:
    """The cookies of a user, as Playwright stores them."""
    context = await browser.new_context(base_url=url)
    answer = await context.request.post(
        "/api/v1/login",
        data={"username": name, "password": PASSWORD},
        headers={"Origin": url},
    )
    assert answer.ok, await answer.text()
    cookies = await context.storage_state()
    await context.close()
    return cookies


async def _tasks(site: Site) -> None:
    about = {"queue": "mail", "args": [42, EVIL], "kwargs": {EVIL: EVIL, "user_id": 7}}
    await _history(site)
    for first in range(0, MANY, 50):
        await site.report(
            *(
                site.event("received", f"many-{number:03}", task_name="shop.many", queue="mail")
                for number in range(first, first + 50)
            )
        )
    trace = f'Traceback (most recent call last):\n  File "{EVIL}", line 1, in f\n{EVIL}: {EVIL}\n'
    failure = {"exception": EVIL, "exception_message": EVIL, "traceback": trace}
    await site.report(
        site.event("started", "paid/1", **about),
        site.event("succeeded", "paid/1", result={"ok": True, EVIL: EVIL}, **about),
        site.event(
            "started",
            "evil",
            **{**about, "task_name": EVIL, "queue": EVIL, "worker": EVIL},
            tags=[EVIL],
            priority=EVIL,
        ),
        site.event("failed", "evil", **{**about, "task_name": EVIL, "queue": EVIL, **failure}),
        site.event("retried", "again", reason=EVIL, **about),
        site.event("started", "child", **about, parent_task_id=EVIL_LINK),
        site.event("failed", "broken", **about, exception="CardDeclined", traceback=trace),
    )


async def _history(site: Site) -> None:
    """Runs of some minutes, with nothing between: what charts are made of."""
    # All of a run in one minute, whatever the second is now.
    minute = site.brain.now() // MINUTE * MINUTE
    for minutes in (20, 19, 12):
        name, at = f"old-{minutes}", minute - minutes * MINUTE
        about = {"task_name": "shop.old", "queue": "mail"}
        await site.report(
            wire_event("task.received", name, at=at, **about),
            wire_event("task.started", name, at=at + MINUTE // 60, **about),
            wire_event("task.succeeded", name, at=at + MINUTE // 20, **about),
        )
