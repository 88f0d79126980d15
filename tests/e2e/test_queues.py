"""Queues by the dozen, names of those who act, and a task whose id no path can carry."""

from __future__ import annotations

from playwright.async_api import Page, expect

from taskdeck.domain.actions import OrderRequest
from taskdeck.domain.batching import Batch

from ..builders import event
from .site import Site, fresh

MANY = 52
"""More than a page has."""


async def test_the_deepest_queues_come_first_and_the_rest_is_found(admin: Page, site: Site) -> None:
    container = site.brain.container
    project = await container.projects().create(fresh("queues"), "Queues", "test")
    reports = [
        event(
            "queue.depth_report", "", name=(project.id, depth), project_id=project.id,
            at=site.brain.now(), queue=f"mail-{depth:02}", depth=depth,
        )
        for depth in range(1, MANY + 1)
    ]  # fmt: skip
    await container.event_store().append(Batch(tuple(reports)))
    await admin.goto(f"/p/{project.slug}/queues")
    rows = admin.locator("tbody tr")
    await expect(rows).to_have_count(50)
    await expect(rows.nth(0)).to_contain_text("mail-52")
    await admin.get_by_role("button", name="Show more").click()
    await expect(rows).to_have_count(MANY)
    await admin.get_by_role("searchbox", name="Part of a queue's name").fill("MAIL-01")
    await admin.keyboard.press("Enter")
    await expect(rows).to_have_count(1)
    await rows.get_by_role("link", name="mail-01").click()
    await expect(admin.get_by_role("heading", name="mail-01")).to_be_visible()
    await admin.goto(f"/p/{project.slug}")
    await expect(admin.get_by_role("region", name="Queues").locator("tbody tr")).to_have_count(8)


async def test_a_task_that_is_called_two_dots_and_who_commanded_it(admin: Page, site: Site) -> None:
    container = site.brain.container
    project = await container.projects().create(fresh("dots"), "Dots", "test")
    started = event(
        "task.started", "..", engine="celery", at=site.brain.now(), project_id=project.id,
        task_name="shop.dots",
    )  # fmt: skip
    await container.event_store().append(Batch((started,)))
    (anna,) = [each for each in await container.users().all() if each.username == "anna"]
    order = OrderRequest(action="cancel_task", engine="celery", task_id="..")
    await container.commands().issue(project, order, anna.stream)
    await admin.goto(f"/p/{project.slug}/commands")
    await expect(admin.get_by_title(anna.stream)).to_have_text("anna")
    await admin.get_by_role("link", name="..", exact=True).click()
    await expect(admin.get_by_role("heading", name="shop.dots")).to_be_visible()
    await admin.reload()
    await expect(admin.get_by_role("heading", name="shop.dots")).to_be_visible()
