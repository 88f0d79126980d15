"""Charts answer clicks, agree on the time under the pointer, and have their figures as tables."""

from __future__ import annotations

import asyncio

from playwright.async_api import Locator, Page, Route, expect

ALL = 4
OVERVIEW = "/p/default"


async def over(page: Page, title: str, part: float) -> Locator:
    """The chart, with the pointer over this part of its width."""
    plot = page.get_by_role("figure", name=title, exact=True).locator(".u-over")
    await expect(plot).to_be_visible()
    # Once the page lies still: what comes later moves the charts.
    await expect(page.locator(".skeleton")).to_have_count(0)
    await page.wait_for_load_state("networkidle")
    box = await plot.bounding_box()
    assert box is not None
    await plot.hover(position={"x": box["width"] * part, "y": box["height"] / 2})
    return plot


async def test_all_charts_follow_the_pointer_of_one(admin: Page) -> None:
    await admin.goto(OVERVIEW)
    await expect(admin.locator(".chart canvas")).to_have_count(ALL)
    await over(admin, "Run time", 0.5)
    await expect(admin.locator(".chart .tip")).to_have_count(ALL)
    times = await admin.locator(".chart .tip b").all_inner_texts()
    assert len(set(times)) == 1


async def test_a_click_leads_to_the_tasks_of_that_time(admin: Page) -> None:
    await admin.goto(f"{OVERVIEW}/types?engine=celery&name=shop.old")
    await expect(admin.locator(".chart canvas")).to_have_count(ALL)
    await over(admin, "Outcomes", 0.5)
    await admin.mouse.down()
    await over(admin, "Outcomes", 0.9)
    await admin.mouse.up()
    await expect(admin.locator("h1")).to_have_text("Tasks")
    await expect(admin.get_by_role("button", name="Remove the filter since")).to_be_visible()
    await expect(admin.get_by_role("button", name="Remove the filter until")).to_be_visible()
    await expect(admin.locator(".grid-row", has_text="shop.old")).to_have_count(3)


async def test_every_chart_is_a_table_too_and_gaps_stay_gaps(admin: Page) -> None:
    await admin.goto(f"{OVERVIEW}/types?engine=celery&name=shop.old")
    for title, columns in (("Run time", 3), ("Wait and run", 2)):
        chart = admin.get_by_role("figure", name=title, exact=True)
        await chart.get_by_text(f"{title} as a table").click()
        rows = chart.locator("tbody tr")
        await expect(rows).to_have_count(3)
        await expect(rows.first.locator("td")).to_have_count(1 + columns)
        times = await rows.locator("td:first-child").all_inner_texts()
        assert times == sorted(times, reverse=True)


async def test_wait_and_run_of_other_percentiles(admin: Page) -> None:
    await admin.goto(OVERVIEW)
    await admin.get_by_role("group", name="Percentile").get_by_role("button", name="p95").click()
    await expect(admin).to_have_url(f"{OVERVIEW}?percentile=p95")
    await expect(admin.get_by_role("figure", name="Wait and run").locator("canvas")).to_be_visible()


async def test_charts_stay_until_those_of_another_time_are_here(admin: Page) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(route: Route) -> None:
        asked.set()
        await go_on.wait()
        await route.continue_()

    await admin.goto(OVERVIEW)
    await expect(admin.locator(".chart canvas")).to_have_count(ALL)
    await admin.route("**/stats?since=*", slowly)
    await admin.get_by_role("button", name="6 h").click()
    await asyncio.wait_for(asked.wait(), 60)
    await expect(admin.locator(".chart canvas")).to_have_count(ALL)
    async with admin.expect_response("**/stats?since=*"):
        go_on.set()
    await expect(admin.locator(".chart canvas")).to_have_count(ALL)
