"""Views of the list of tasks under a name."""

from __future__ import annotations

from playwright.async_api import Browser, Page, expect

from .site import Site, Watched, copied, fresh
from .test_pages import complaints
from .test_palette import opened, options


async def test_a_view_is_kept_found_and_forgotten(
    admin: Page, browser: Browser, site: Site
) -> None:
    name = fresh("Mails")
    # Other tries of this test may have left the same filters under another name.
    await admin.goto(f"/p/default/tasks?state=failed&queue=mail&q=-id:{name}")
    await expect(admin.locator(".grid-row")).to_have_count(1)
    await admin.get_by_role("button", name="Columns").click()
    await admin.get_by_role("checkbox", name="Worker").check()
    await admin.get_by_role("button", name="Views").click()
    await admin.get_by_role("button", name="Keep this view").click()
    await admin.get_by_label("Name").fill(name)
    await admin.keyboard.press("Enter")
    # The button says which view is shown.
    await expect(admin.get_by_role("button", name=name, exact=True)).to_be_visible()

    # The same user in another browser, by the palette.
    cookies = site.logins["anna"]
    context = await browser.new_context(base_url=site.brain.url, storage_state=cookies)
    async with Watched(context) as page:
        await opened(page)
        await page.keyboard.type(name)
        await options(page, "View").click()
        await expect(page.locator(".grid-row")).to_have_count(1)
        await expect(page.get_by_role("columnheader", name="Worker")).to_be_visible()
        await page.get_by_role("button", name=name, exact=True).click()
        assert not await complaints(page)
        await page.get_by_role("button", name=f"Forget the view {name}").click()
        await expect(page.get_by_role("button", name="Views")).to_be_visible()

    await admin.reload()
    await expect(admin.get_by_role("button", name="Views")).to_be_visible()


async def test_a_shared_link_brings_its_columns(admin: Page) -> None:
    await admin.goto("/p/default/tasks?name=shop.old&columns=state,name,attempts")
    await expect(admin.get_by_role("columnheader", name="Tries")).to_be_visible()
    await expect(admin.get_by_role("columnheader", name="Queue")).to_have_count(0)
    await admin.get_by_role("button", name="Share").click()
    await admin.get_by_role("button", name="Copy the link").click()
    link = await copied(admin)
    assert link.endswith("/p/default/tasks?columns=state%2Cname%2Cattempts&name=shop.old")
    await admin.goto("/p/default/tasks?name=shop.old")
    await expect(admin.get_by_role("columnheader", name="Queue")).to_be_visible()
