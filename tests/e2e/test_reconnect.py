"""The brain goes and comes back while a page is open."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, expect

from ..integration.brain import running_brain
from .site import Site, Watched, prepared, worker


async def test_a_page_catches_up_after_a_restart(browser: Browser, tmp_path: Path) -> None:
    async with running_brain(tmp_path) as brain, worker(brain) as agent:
        site = await prepared(brain, agent, browser)
        port = urlsplit(brain.url).port
        context = await browser.new_context(base_url=brain.url, storage_state=site.logins["anna"])
        watched = Watched(context)
        page = await watched.__aenter__()
        await page.goto("/p/default/tasks")
        await expect(page.locator(".light.live").first).to_be_attached()
    await expect(page.locator(".banner")).to_contain_text("Trying again")
    async with running_brain(tmp_path, bind_port=port) as brain, worker(brain) as agent:
        await Site(brain, agent).report(
            Site(brain, agent).event("received", "back", task_name="shop.back")
        )
        await expect(page.locator(".light.live").first).to_be_attached()
        await expect(page.locator(".banner")).to_have_count(0)
        await expect(page.locator(".grid-row", has_text="shop.back")).to_be_visible()
        await watched.__aexit__()
