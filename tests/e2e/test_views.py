"""Views of the list of tasks under a name."""

from __future__ import annotations

from playwright.async_api import Page, expect


async def test_a_view_is_kept_found_and_forgotten(admin: Page) -> None:
    await admin.goto("/p/default/tasks?state=failed&queue=mail")
    await expect(admin.locator(".grid-row")).to_have_count(1)
    await admin.get_by_role("button", name="Columns").click()
    await admin.get_by_role("checkbox", name="Worker").check()
    await admin.get_by_role("button", name="Views").click()
    await admin.get_by_role("button", name="Keep this view").click()
    await admin.get_by_label("Name").fill("Mails that failed")
    await admin.keyboard.press("Enter")
    # The button says which view is shown; it is there after a reload, and in the palette.
    named = admin.get_by_role("button", name="Mails that failed", exact=True)
    await expect(named).to_be_visible()
    await admin.goto("/p/default/tasks")
    await admin.get_by_role("button", name="Columns").click()
    await admin.get_by_role("checkbox", name="Worker").uncheck()
    await expect(admin.get_by_role("columnheader", name="Worker")).to_have_count(0)
    await admin.keyboard.press("Control+k")
    await admin.keyboard.type("mails fail")
    await admin.keyboard.press("Enter")
    await expect(named).to_be_visible()
    await expect(admin.locator(".grid-row")).to_have_count(1)
    await expect(admin.get_by_role("columnheader", name="Worker")).to_be_visible()
    await named.click()
    await admin.get_by_role("button", name="Forget the view Mails that failed").click()
    await expect(admin.get_by_role("button", name="Views")).to_be_visible()
    await admin.reload()
    await admin.get_by_role("button", name="Views").click()
    await expect(admin.get_by_text("Mails that failed")).to_have_count(0)


async def test_a_shared_link_brings_its_columns(admin: Page) -> None:
    await admin.goto("/p/default/tasks?name=shop.old&columns=state,name,attempts")
    await expect(admin.get_by_role("columnheader", name="Tries")).to_be_visible()
    await expect(admin.get_by_role("columnheader", name="Queue")).to_have_count(0)
    await admin.get_by_role("button", name="Share").click()
    await admin.get_by_role("button", name="Copy the link").click()
    link = await admin.evaluate("navigator.clipboard.readText()")
    assert link.endswith("/p/default/tasks?columns=state%2Cname%2Cattempts&name=shop.old")
    await admin.goto("/p/default/tasks?name=shop.old")
    await expect(admin.get_by_role("columnheader", name="Queue")).to_be_visible()
