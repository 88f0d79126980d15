"""Fleets that are too large for a card a worker."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, replace

import pytest_asyncio
from playwright.async_api import Page, expect

from ..agent_client import AgentClient
from ..integration.brain import Brain
from .site import Site, fresh

MANY = 26
"""More than are shown as cards."""


@dataclass
class LargeFleet:
    path: str
    connected: list[AsyncExitStack]
    """The workers, `api-…` and last one `cron-…`; closing one sends it away."""


@pytest_asyncio.fixture(loop_scope="session")
async def fleet(site: Site) -> AsyncIterator[LargeFleet]:
    """In a project of its own, so that other tests do not meet it."""
    container = site.brain.container
    project = await container.projects().create(fresh("fleet"), "Fleet", "test")
    minted = await container.agents().mint(project, "fleet", "test")
    brain = replace(site.brain, project=project, minted=minted)
    async with AsyncExitStack() as stack:
        connected = []
        for number in range(MANY):
            name = f"cron-{number}" if number == MANY - 1 else f"api-6f9c7d5b4f-{number:05}"
            connected.append(await stack.enter_async_context(AsyncExitStack()))
            await connected[-1].enter_async_context(_worker(brain, name))
        yield LargeFleet(f"/p/{project.slug}/workers", connected)


def _worker(brain: Brain, name: str) -> AbstractAsyncContextManager[AgentClient]:
    return brain.agent(f"id-{name}", host={"name": name, "pid": 7})


async def test_a_large_fleet_is_a_table_to_search(admin: Page, fleet: LargeFleet) -> None:
    await admin.goto(fleet.path)
    await expect(admin.get_by_text(f"{MANY} online")).to_be_visible()
    rows = admin.get_by_role("region", name="Connected workers").locator("tbody tr")
    await expect(rows).to_have_count(MANY)
    await admin.get_by_role("searchbox").fill("F-00007")
    await admin.keyboard.press("Enter")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("api-6f9c7d5b4f-00007")
    await expect(admin).to_have_url(re.compile("text=F-00007"))
    await admin.go_back()
    await expect(rows).to_have_count(MANY)


async def test_a_deployment_is_one_choice(admin: Page, fleet: LargeFleet) -> None:
    await admin.goto(fleet.path)
    choice = admin.get_by_label("Deployment")
    await expect(choice.locator("option")).to_have_count(3)
    await choice.select_option(index=2)
    rows = admin.get_by_role("region", name="Connected workers").locator("tbody tr")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("cron-25")


async def test_a_worker_that_leaves_moves_to_the_gone(admin: Page, fleet: LargeFleet) -> None:
    await admin.goto(fleet.path)
    await expect(admin.get_by_text(f"{MANY} online")).to_be_visible()
    await fleet.connected[-1].aclose()
    await expect(admin.get_by_text(f"{MANY - 1} online")).to_be_visible()
    await admin.get_by_role("button", name="Gone", exact=True).click()
    rows = admin.get_by_role("region", name="Workers that are gone").locator("tbody tr")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("cron-25")
    await expect(admin).to_have_url(re.compile("presence=gone"))
