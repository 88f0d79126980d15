"""A brain below a path of somebody else's host: everything finds its way through the proxy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, expect

from ..integration.brain import running_brain
from ..replicas.proxies import free_port, listens, nginx_of, program
from .site import PASSWORD, Site, Watched, new_user, worker

CONFIG = """
map $http_upgrade $taskdeck_connection {{ default upgrade; "" ""; }}
server {{
    listen 127.0.0.1:{front};
    location / {{ return 404; }}
    location /taskdeck/ {{
        # The slash at the end takes the prefix away.
        proxy_pass http://127.0.0.1:{back}/;
        proxy_http_version 1.1;
        proxy_set_header Host       $http_host;
        proxy_set_header Upgrade    $http_upgrade;
        proxy_set_header Connection $taskdeck_connection;
    }}
}}
"""


@asynccontextmanager
async def nginx(folder: Path, front: int, back: int) -> AsyncIterator[None]:
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(front=front, back=back))
    process = await asyncio.create_subprocess_exec(program("nginx"), *nginx_of(folder, config))
    try:
        await listens(process, front, folder / "start.log")
        yield
    finally:
        process.terminate()
        await process.wait()


async def test_a_brain_below_a_path(browser: Browser, tmp_path: Path) -> None:
    front, back = free_port(), free_port()
    url = f"http://127.0.0.1:{front}/taskdeck"
    async with (
        nginx(tmp_path, front, back),
        running_brain(tmp_path / "home", bind_port=back, public_url=url) as brain,
        worker(brain) as agent,
        Watched(await browser.new_context()) as page,
    ):
        await brain.container.users().create(new_user("anna", "Anna", admin=True), "test")
        await page.goto(f"{url}/p/default/queues")
        await expect(page).to_have_url(f"{url}/login?to=%2Fp%2Fdefault%2Fqueues")
        await page.get_by_label("User name").fill("anna")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text("Queues")

        await page.get_by_role("link", name="Tasks").click()
        await expect(page).to_have_url(f"{url}/p/default/tasks")
        await expect(page.locator(".light.live").first).to_be_attached()
        site = Site(brain, agent)
        await site.report(site.event("received", "one", task_name="shop.below"))
        await page.get_by_role("link", name="shop.below").click()
        await expect(page).to_have_url(f"{url}/p/default/tasks/celery/one")
        await page.reload()
        await expect(page.locator("h1")).to_have_text("shop.below")
        await page.get_by_role("link", name="Taskdeck").first.click()
        await expect(page).to_have_url(f"{url}/p/default")
