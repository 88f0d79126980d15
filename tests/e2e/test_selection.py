"""Many tasks at once, and the list in the words of other tools."""

from __future__ import annotations

from playwright.async_api import Page, expect

from .site import Site, copied, fresh


async def filled(admin: Page, site: Site) -> str:
    name = fresh("shop.pick")
    await site.report(
        *(site.event("failed", f"{name}-{number}", task_name=name) for number in range(6))
    )
    await admin.goto(f"/p/default/tasks?name={name}")
    await expect(admin.locator(".grid-row")).to_have_count(6)
    return name


async def test_a_range_is_selected_with_shift(admin: Page, site: Site) -> None:
    await filled(admin, site)
    boxes = admin.locator(".grid-row input[type=checkbox]")
    await boxes.nth(1).click()
    await boxes.nth(4).click(modifiers=["Shift"])
    selection = admin.get_by_role("region", name="Selection")
    await expect(selection).to_contain_text("4 selected")
    await admin.get_by_role("button", name="Clear").click()
    # Keys go on from the row that was clicked last.
    for key in ("k", "k", "x", "k", "k", "X"):
        await admin.keyboard.press(key)
    await expect(selection).to_contain_text("3 selected")


async def test_all_that_is_loaded_is_selected_at_once(admin: Page, site: Site) -> None:
    await filled(admin, site)
    box = admin.get_by_role("checkbox", name="Select the 6 tasks that are loaded")
    await admin.locator(".grid-row input[type=checkbox]").first.click()
    await expect(box).to_be_checked(indeterminate=True)
    await box.click()
    selection = admin.get_by_role("region", name="Selection")
    await expect(selection).to_contain_text("6 selected")
    await expect(box).to_be_checked()
    await selection.get_by_role("button", name="Cancel all that match…").click()
    await expect(admin.get_by_role("dialog", name="Cancel 6 tasks")).to_be_visible()
    await admin.keyboard.press("Escape")
    await box.click()
    await expect(selection).to_have_count(0)


async def test_the_list_is_copied_as_a_command(admin: Page, site: Site) -> None:
    name = await filled(admin, site)
    await admin.goto(f"/p/default/tasks?name={name}&state=failed&q=runtime<5s")
    await admin.get_by_role("button", name="Share").click()
    await admin.get_by_role("button", name="Copy as command").click()
    assert await copied(admin) == f"taskdeck tasks list 'state:failed name:{name} runtime<5s'"


async def test_menus_stay_on_narrow_screens(admin: Page) -> None:
    await admin.set_viewport_size({"width": 360, "height": 740})
    await admin.goto("/p/default/tasks?state=failed")
    await expect(admin.locator(".grid-row").first).to_be_visible()
    for name in ("All that match", "Views", "Columns", "Share"):
        button = admin.get_by_role("button", name=name)
        await button.click()
        box = await admin.locator(".menu > .list").bounding_box()
        assert box is not None
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= 360, name
        await button.click()
