"""States as filters, with how much there was of each; windows of time."""

from __future__ import annotations

from playwright.async_api import Page, expect

from .site import Site, fresh


async def test_states_tell_how_much_there_was_of_each(admin: Page, site: Site) -> None:
    name = fresh("shop.facets")
    ends = ("failed", "failed", "failed", "succeeded")
    await site.report(
        *(site.event(end, f"{name}-{n}", task_name=name) for n, end in enumerate(ends))
    )
    await admin.goto(f"/p/default/tasks?name={name}")
    filters = admin.get_by_role("group", name="Filters")
    failed = filters.get_by_role("button", name="failed")
    await expect(failed).to_have_text("failed~3")
    await expect(filters.get_by_role("button", name="succeeded")).to_have_text("succeeded~1")
    await expect(filters.get_by_role("button", name="revoked")).to_have_text("revoked0")
    # What runs now is no matter of a window: nothing is said rather than something wrong.
    await expect(filters.get_by_role("button", name="started")).to_have_text("started")
    await expect(filters).to_contain_text("Counts: runs since")
    await failed.click()
    await expect(admin.locator(".grid-row")).to_have_count(3)


async def test_nothing_is_counted_that_statistics_do_not_know(admin: Page) -> None:
    await admin.goto("/p/default/tasks?queue=mail")
    await expect(admin.locator(".grid-row").first).to_be_visible()
    filters = admin.get_by_role("group", name="Filters")
    await expect(filters.get_by_role("button", name="failed")).to_have_text("failed")
    await expect(filters).not_to_contain_text("Counts")


async def test_a_window_of_time_is_a_filter(admin: Page) -> None:
    await admin.goto("/p/default/tasks?name=shop.old")
    await expect(admin.locator(".grid-row")).to_have_count(3)
    windows = admin.get_by_role("group", name="Window of time")
    await windows.get_by_role("button", name="6 h").click()
    await expect(admin).to_have_url("/p/default/tasks?name=shop.old&window=6h")
    await expect(admin.locator(".grid-row")).to_have_count(3)
    # An exact beginning takes the place of the window, and the other way round.
    soon = await admin.evaluate("new Date(Date.now() + 60000).toISOString()")
    await admin.goto(f"/p/default/tasks?name=shop.old&since={soon}")
    await expect(admin.get_by_text("No task matches")).to_be_visible()
    await expect(windows.locator("[aria-pressed=true]")).to_have_count(0)
    await windows.get_by_role("button", name="24 h").click()
    await expect(admin).to_have_url("/p/default/tasks?name=shop.old&window=24h")
    await expect(admin.locator(".grid-row")).to_have_count(3)
