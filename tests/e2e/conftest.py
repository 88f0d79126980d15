"""A brain with something to show, and a browser in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from taskdeck.entrypoints.dashboard.assets import STAMP, STATIC

from ..integration.brain import running_brain
from ..integration.people import quick_passwords
from . import chromium
from .site import Site, Watched, prepared, worker

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all of them: a browser lives longer than a test."""
    for item in items:
        if item.path.is_relative_to(HERE) and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(240), append=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason in sorted(chromium.left_out):
        terminalreporter.section("THE DASHBOARD WAS NOT TESTED", sep="!", red=True, bold=True)
        terminalreporter.line(reason)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = chromium.find()
    if path is None:
        chromium.leave_out(f"no Chromium was found: {chromium.ADVICE}")
    if not (STATIC / STAMP).exists():
        chromium.leave_out(chromium.NO_BUNDLE)
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        await opened.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A brain with tasks in every state, whose texts try to be more than text."""
    # The agent is silent while tests look at pages, and on a slow machine that takes long.
    home = tmp_path_factory.mktemp("home")
    async with running_brain(home, overrides=quick_passwords, agent_idle_seconds=3_600) as brain:
        async with worker(brain) as agent:
            yield await prepared(brain, agent, browser)


@pytest_asyncio.fixture(loop_scope="session")
async def admin(browser: Browser, site: Site) -> AsyncIterator[Page]:
    """A page of a logged-in administrator; errors and violations in it fail the test."""
    async with Watched(await _context(browser, site, "anna")) as page:
        yield page


@pytest_asyncio.fixture(loop_scope="session")
async def viewer(browser: Browser, site: Site) -> AsyncIterator[Page]:
    async with Watched(await _context(browser, site, "vera")) as page:
        yield page


async def _context(browser: Browser, site: Site, user: str) -> BrowserContext:
    context = await browser.new_context(
        base_url=site.brain.url,
        storage_state=site.logins[user],
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(60_000)
    return context
