"""How soon a page can be used, in a real browser: `python -m benchmarks.pages --help`.

Opens pages of a brain with tasks in it, with an empty and with a filled cache. Interactive is when the
page shows its heading and its first row or chart; times are the browser's, from the start of navigation.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import shutil
import sys
from statistics import median

import aiohttp
from playwright.async_api import Browser, async_playwright

from .brains import Target, brains

READY = {"tasks": ".grid-row", "overview": ".chart canvas"}
PATHS = {"tasks": "/p/default/tasks", "overview": "/p/default"}
USER = {"username": "bench", "password": "only for benchmarks"}
EVENTS = 30_000
WATCH = """
new MutationObserver((_, observer) => {
  if (document.querySelector('main h1') && document.querySelector(%r)) {
    observer.disconnect();
    requestAnimationFrame(() => (window.usableAt = performance.now()));
  }
}).observe(document, { childList: true, subtree: true });
"""
"""Notes when the page can be used."""
MOVED = """
performance.getEntriesByType('resource').filter((each) => each.name.includes('/assets/'))
  .reduce((sum, each) => sum + each.encodedBodySize, 0)
"""


async def prepared(target: Target) -> None:
    """A user, and tasks to show."""
    headers = {"Authorization": f"Bearer {target.api_key}"}
    url = f"http://127.0.0.1:{target.port}/api/v1/users"
    async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as http:
        await http.post(url, json={**USER, "instance_admin": True})
    (agent,) = await target.connect(1)
    await agent.send_all(agent.frames(EVENTS, 200), 16)
    agent.writer.close()


async def opened(browser: Browser, url: str, page_name: str, times: int) -> None:
    cold: list[float] = []
    warm: list[float] = []
    heap, moved = 0.0, 0
    for _ in range(times):
        context = await browser.new_context(base_url=url, viewport={"width": 1440, "height": 900})
        answer = await context.request.post("/api/v1/login", data=USER, headers={"Origin": url})
        assert answer.ok, await answer.text()
        await context.add_init_script(WATCH % READY[page_name])
        for found in (cold, warm):
            page = await context.new_page()
            await page.goto(PATHS[page_name])
            await page.locator(READY[page_name]).first.wait_for()
            await page.evaluate("new Promise(requestAnimationFrame)")
            found.append(await page.evaluate("window.usableAt"))
            heap = await page.evaluate("performance.memory.usedJSHeapSize / 2 ** 20")
            if found is cold:
                moved = await page.evaluate(MOVED)
        await context.close()
    print(
        f"{page_name:>9}: usable after {median(cold):4.0f} ms (at most {max(cold):.0f}), with a filled "
        f"cache {median(warm):4.0f} ms (at most {max(warm):.0f}); "
        f"{moved / 1024:.0f} KiB of files, {heap:.1f} MiB of heap"
    )


async def run(target: Target, chromium: str, times: int) -> None:
    await prepared(target)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for page_name in PATHS:
            await opened(browser, f"http://127.0.0.1:{target.port}", page_name, times)
        await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default=shutil.which("chromium") or "chromium")
    parser.add_argument("--times", type=int, default=10)
    arguments = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("repeat with: python -m benchmarks.pages", *sys.argv[1:])
    with brains(1, None) as (target,):
        asyncio.run(run(target, arguments.chromium, arguments.times))


if __name__ == "__main__":
    main()
