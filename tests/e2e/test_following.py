"""A page subscribes to what it shows, and to nothing else."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from playwright.async_api import Page, WebSocket, expect

PAGES = {
    "Overview": ({"tasks", "workers", "queues"}, False),
    "Tasks": ({"tasks"}, True),
    "Workers": ({"tasks", "workers"}, False),
    "Commands": ({"commands"}, False),
}
"""Their topics, and whether they show rows of tasks."""
HIDE = """hidden => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest.fixture
def subscriptions(admin: Page) -> asyncio.Queue[dict[str, Any]]:
    """What the page says to the brain."""
    said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def sent(text: str | bytes) -> None:
        message = json.loads(text)
        if "subscribe" in message:
            said.put_nowait(message["subscribe"])

    def opened(socket: WebSocket) -> None:
        socket.on("framesent", sent)

    admin.on("websocket", opened)
    return said


async def wanted(said: asyncio.Queue[dict[str, Any]], topics: set[str], *, rows: bool) -> None:
    """Wait until this is subscribed to."""
    async with asyncio.timeout(60):
        last = await said.get()
        while (set(last["topics"]), last["rows"]) != (topics, rows):
            last = await said.get()


async def test_rows_are_wanted_on_the_list_of_tasks_only(
    admin: Page, subscriptions: asyncio.Queue[dict[str, Any]]
) -> None:
    await admin.goto("/p/default")
    for title, (topics, rows) in PAGES.items():
        await admin.get_by_role("link", name=title, exact=True).click()
        await wanted(subscriptions, topics, rows=rows)
        await expect(admin.locator(".light.live").first).to_be_attached()


async def test_no_rows_are_wanted_while_the_page_is_hidden(
    admin: Page, subscriptions: asyncio.Queue[dict[str, Any]]
) -> None:
    await admin.goto("/p/default/tasks")
    await wanted(subscriptions, {"tasks"}, rows=True)
    for hidden in (True, False):
        await admin.evaluate(HIDE, hidden)
        await wanted(subscriptions, {"tasks"}, rows=not hidden)
