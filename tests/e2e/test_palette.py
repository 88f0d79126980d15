"""One box from which everything is reached by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from .site import EVIL, Site, Watched, fresh, logged_in
from .test_pages import complaints, text_stays_text, worn


async def opened(page: Page, path: str = "/p/default/queues") -> None:
    await page.goto(path)
    await expect(page.locator("main h1").first).to_be_visible()
    await expect(page.locator(".skeleton")).to_have_count(0)
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox", name="Go to")).to_be_focused()


def options(page: Page, kind: str = "") -> Locator:
    """What is offered, or all of one kind."""
    offered = page.get_by_role("listbox", name="Places and actions").get_by_role("option")
    if not kind:
        return offered
    return offered.filter(has=page.locator(".kind", has_text=re.compile(f"^{kind}$")))


async def test_pages_are_found_by_some_of_their_letters(admin: Page) -> None:
    await opened(admin)
    await admin.keyboard.type("bkop")
    await expect(options(admin).first).to_have_attribute("aria-selected", "true")
    await expect(options(admin).first).to_contain_text("Bulk operations")
    await admin.keyboard.press("Enter")
    await expect(admin).to_have_url("/p/default/bulk")
    await expect(admin.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize(
    ("typed", "kind", "url"),
    [
        ("shop.old", "Task type", "/p/default/types?engine=celery&name=shop.old"),
        ("queue mail", "Queue", "/p/default/queues?engine=celery&queue=mail"),
        ("settings keys", "Settings", "/p/default/settings?part=keys"),
        ("state:failed", "Search", "/p/default/tasks?q=state%3Afailed"),
    ],
)
async def test_places_are_reached_by_name(admin: Page, typed: str, kind: str, url: str) -> None:
    await opened(admin)
    await admin.keyboard.type(typed)
    await options(admin, kind).first.click()
    await expect(admin).to_have_url(url)


async def test_a_pasted_id_opens_its_task(admin: Page, site: Site) -> None:
    task_id = fresh("0b6c/1d2e")
    await site.report(site.event("received", task_id, task_name="shop.found"))
    await opened(admin)
    await admin.keyboard.insert_text(task_id)
    # At once: the palette looks the task up before it goes.
    await admin.keyboard.press("Enter")
    await expect(admin.locator("main h1")).to_have_text("shop.found")
    await expect(admin.locator(".facts")).to_contain_text(task_id)


async def test_it_is_moved_through_by_keyboard(admin: Page) -> None:
    await opened(admin)
    box = admin.get_by_role("combobox", name="Go to")
    for key, place in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("Home", 0)):
        await admin.keyboard.press(key)
        await expect(options(admin).nth(place)).to_have_attribute("aria-selected", "true")
        await expect(box).to_have_attribute("aria-activedescendant", f"palette-{place}")
    await admin.keyboard.press("ArrowUp")
    await expect(options(admin).last).to_have_attribute("aria-selected", "true")
    await admin.keyboard.press("Escape")
    await expect(admin.get_by_role("dialog")).to_have_count(0)
    await expect(admin).to_have_url("/p/default/queues")


async def test_actions_are_done_from_everywhere(admin: Page) -> None:
    await opened(admin, "/p/default/tasks")
    await admin.keyboard.type("times")
    await admin.keyboard.press("Enter")
    await expect(admin.get_by_role("button", name="Times are in UTC")).to_be_attached()


async def test_one_logs_out_from_everywhere(browser: Browser, site: Site) -> None:
    # With a session of its own, which ends here.
    cookies = await logged_in(browser, site.brain.url, "anna")
    context = await browser.new_context(base_url=site.brain.url, storage_state=cookies)
    async with Watched(context) as page:
        await page.goto("/p/default/tasks")
        await page.get_by_role("button", name="Go to…").click()
        await expect(page.get_by_role("combobox", name="Go to")).to_be_focused()
        await page.keyboard.type("log out")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Log in")).to_be_visible()


async def test_only_what_one_may_see_is_offered(viewer: Page) -> None:
    await opened(viewer)
    await expect(options(viewer).filter(has_text="Queues")).to_be_visible()
    for typed in ("audit", "settings", "bulk"):
        await viewer.get_by_role("combobox", name="Go to").fill(typed)
        await expect(options(viewer).filter(has_text=f"Tasks with “{typed}”")).to_be_visible()
        kinds = await viewer.locator(".palette .kind").all_text_contents()
        assert not {"Settings", "Page"} & set(kinds), typed


async def test_it_is_legible_for_everybody(admin: Page) -> None:
    await admin.set_viewport_size({"width": 360, "height": 740})
    await opened(admin)
    found = await complaints(admin)
    await admin.get_by_role("combobox", name="Go to").fill("img onerror")
    await expect(options(admin).filter(has_text=EVIL[:20]).first).to_be_visible()
    await worn(admin, "dark")
    found += await complaints(admin)
    assert not found
    await text_stays_text(admin)
    assert await admin.evaluate("document.documentElement.scrollWidth") <= 360
