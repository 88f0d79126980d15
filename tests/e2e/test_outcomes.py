"""How orders end, told where they were given; and ways between a task, its list and one's account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest_asyncio
from playwright.async_api import Page, expect

from taskdeck.domain.batching import Batch

from ..agent_client import AgentClient
from ..builders import run_of
from .site import Site, fresh


@dataclass
class Place:
    """A project of its own, with one failed task and a worker."""

    path: str
    agent: AgentClient


@pytest_asyncio.fixture(loop_scope="session")
async def place(site: Site) -> AsyncIterator[Place]:
    container = site.brain.container
    project = await container.projects().create(fresh("outcomes"), "Outcomes", "test")
    minted = await container.agents().mint(project, "outcomes", "test")
    facts = run_of(
        "t1", at=site.brain.now(), outcome="failed", engine="celery", project_id=project.id,
        exception="ValueError",
    )  # fmt: skip
    await container.event_store().append(Batch(tuple(facts)))
    brain = replace(site.brain, project=project, minted=minted)
    async with brain.agent("w1") as agent:
        yield Place(f"/p/{project.slug}", agent)


async def retried(page: Page, place: Place) -> dict[str, Any]:
    """Retry the task in the browser; the command as the worker has it."""
    await page.goto(f"{place.path}/tasks/celery/t1")
    await page.get_by_role("button", name="Retry", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Retry", exact=True).click()
    return await place.agent.command()


async def test_a_success_leads_to_the_new_task(admin: Page, place: Place) -> None:
    command = await retried(admin, place)
    await place.agent.answer(command, result={"new_task_id": "n1"})
    told = admin.locator(".toast", has_text="Retry task sent. It succeeded.")
    link = told.get_by_role("link", name="The new task")
    await expect(link).to_have_attribute("href", f"{place.path}/tasks/celery/n1")


async def test_a_failure_says_why(admin: Page, place: Place) -> None:
    command = await retried(admin, place)
    await place.agent.answer(command, result=None, error="no such task")
    told = admin.locator(".toast.bad", has_text="It failed: no such task")
    await expect(told.get_by_role("link", name="Follow")).to_be_visible()


async def test_keys_lead_from_a_task_to_the_list_as_it_was(admin: Page, place: Place) -> None:
    await admin.goto(f"{place.path}/tasks?state=failed")
    await admin.get_by_role("link", name="shop.pay").click()
    await expect(admin.get_by_role("heading", name="shop.pay")).to_be_focused()
    await admin.keyboard.press("?")
    keys = admin.get_by_role("dialog", name="Keys")
    await expect(keys).to_contain_text("Back to the list")
    await expect(keys).not_to_contain_text("Next task")
    await keys.get_by_role("button", name="Close").click()
    await expect(keys).not_to_be_attached()
    await admin.keyboard.press("Escape")
    await expect(admin).to_have_url(f"{place.path}/tasks?state=failed")
    await admin.go_back()
    await expect(admin.get_by_role("heading", name="shop.pay")).to_be_visible()
    await admin.keyboard.press("/")
    await expect(admin.get_by_role("combobox", name="Search tasks")).to_be_focused()
    await expect(admin).to_have_url(f"{place.path}/tasks?state=failed")


async def test_the_account_keeps_the_project_in_reach(admin: Page, place: Place) -> None:
    await admin.goto(f"{place.path}/queues")
    await admin.get_by_role("link", name="Anna").click()
    await expect(admin.get_by_role("heading", name="Account")).to_be_visible()
    pages = admin.get_by_role("navigation", name="Pages")
    queues = pages.get_by_role("link", name="Queues")
    await expect(queues).to_have_attribute("href", f"{place.path}/queues")
    await admin.keyboard.press("g")
    await admin.keyboard.press("w")
    await expect(admin).to_have_url(f"{place.path}/workers")
