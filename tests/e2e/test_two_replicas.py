"""A browser at one replica, the workers at another, PostgreSQL between them."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from playwright.async_api import Browser, expect

from taskdeck.adapters.system.clock import SystemClock

from ..agent_client import wire_event
from ..brain_process import brain_process
from .site import PASSWORD, Watched, logged_in

SECRET = "a secret that both replicas of the test share"


async def test_what_happens_at_one_replica_is_seen_at_the_other(
    browser: Browser, brains_postgres_url: str, tmp_path: Path
) -> None:
    def event(task_id: str, name: str) -> dict[str, object]:
        return wire_event("task.received", task_id, at=SystemClock().now(), task_name=name)

    async with AsyncExitStack() as stack:
        here, there = [
            await stack.enter_async_context(
                brain_process(
                    tmp_path / name, Z4J_DATABASE_URL=brains_postgres_url, Z4J_SECRET=SECRET
                )
            )
            for name in ("here", "there")
        ]
        user = {"username": "anna", "password": PASSWORD, "instance_admin": True}
        await here.call("POST", "/users", json=user)
        agent = await stack.enter_async_context(there.connect(await here.mint()))
        await agent.greet("w1")
        login = await logged_in(browser, here.url, "anna")
        context = await browser.new_context(base_url=here.url, storage_state=login)
        page = await stack.enter_async_context(Watched(context))
        await page.goto("/p/default/tasks")
        await expect(page.locator(".light.live").first).to_be_attached()

        await agent.send_events(event("t1", "shop.there"))
        await expect(page.locator(".grid-row", has_text="shop.there")).to_be_visible()

        await here.kill()
        await expect(page.locator(".banner")).to_contain_text("Trying again")
        await agent.send_events(event("t2", "shop.meanwhile"))
        await here.start()
        await expect(page.locator(".grid-row", has_text="shop.meanwhile")).to_be_visible()
        await expect(page.locator(".light.live").first).to_be_attached()
