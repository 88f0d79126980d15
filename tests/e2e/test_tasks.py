"""The list of tasks as operators use it."""

from __future__ import annotations

from playwright.async_api import Page, expect

from .site import Site, fresh


async def test_a_task_appears_while_one_looks(admin: Page, site: Site) -> None:
    name = fresh("shop.live")
    await admin.goto("/p/default/tasks")
    await expect(admin.locator(".light.live").first).to_be_attached()
    await expect(admin.locator(".grid-row").first).to_be_visible()
    await site.report(site.event("received", name, task_name=name))
    row = admin.locator(".grid-row", has_text=name)
    await expect(row).to_be_visible()
    await site.report(site.event("started", name, task_name=name))
    await expect(row).to_contain_text("started")


async def test_new_tasks_wait_while_somebody_reads(admin: Page, site: Site) -> None:
    name = fresh("shop.wait")
    await admin.goto("/p/default/tasks")
    await expect(admin.locator(".light.live").first).to_be_attached()
    await admin.get_by_role("button", name="Pause").click()
    top = admin.locator(".grid-row a.name").first
    before = str(await top.get_attribute("title"))
    await site.report(site.event("received", name, task_name=name))
    new = admin.get_by_role("button", name="1 new")
    await expect(new).to_be_visible()
    await expect(top).to_have_attribute("title", before)
    await new.click()
    await expect(top).to_have_attribute("title", name)


async def test_nothing_is_missing_after_more_than_is_told_at_once(admin: Page, site: Site) -> None:
    name = fresh("shop.flood")
    await admin.goto("/p/default/tasks")
    await expect(admin.locator(".light.live").first).to_be_attached()
    await admin.get_by_role("button", name="Pause").click()
    flood = (site.event("received", f"{name}-{n:03}", task_name="shop.flood") for n in range(250))
    await site.report(*flood)
    await admin.get_by_role("button", name="More than 100 new").click()
    rows = admin.locator(".grid-row a.name")
    await expect(rows.first).to_have_attribute("title", f"{name}-249")
    await admin.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    await expect(admin.get_by_text("300 shown")).to_be_attached()
    # Again while the list grows, for the browser keeps what is in view where it is.
    await admin.wait_for_function(
        """title => {
          scrollTo(0, 249 * document.querySelector('.grid-row').offsetHeight);
          return document.querySelector(`.grid-row a[title='${title}']`) !== null;
        }""",
        arg=f"{name}-000",
    )


async def test_filters_live_in_the_address(admin: Page) -> None:
    await admin.goto("/p/default/tasks?queue=mail")
    await admin.get_by_role("button", name="failed").click()
    await expect(admin).to_have_url("/p/default/tasks?queue=mail&state=failed")
    await expect(admin.locator(".grid-row")).to_have_count(1)
    shared = await admin.context.new_page()
    await shared.goto(admin.url)
    await expect(shared.locator(".grid-row")).to_have_count(1)
    await expect(shared.get_by_role("button", name="failed")).to_have_attribute(
        "aria-pressed", "true"
    )
    await admin.go_back()
    await expect(admin).to_have_url("/p/default/tasks?queue=mail")
    await expect(admin.locator(".grid-row").nth(5)).to_be_visible()


async def test_only_the_rows_in_view_are_in_the_page(admin: Page) -> None:
    await admin.goto("/p/default/tasks?name=shop.many")
    await expect(admin.locator(".grid-row").first).to_be_visible()
    assert await admin.locator(".grid-row").count() < 80
    # The second page comes as one scrolls, and the oldest task is in it.
    await expect(admin.get_by_text("100 shown")).to_be_attached()
    await admin.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    await expect(admin.get_by_text("150 shown")).to_be_attached()
    await admin.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    oldest = admin.locator(".grid-row a.name[title=many-000]")
    await expect(oldest).to_be_in_viewport()
    assert await admin.locator(".grid-row").count() < 80


async def test_everything_by_keyboard(admin: Page) -> None:
    await admin.goto("/p/default/tasks?name=shop.old")
    await expect(admin.locator(".grid-row")).to_have_count(3)
    for key in ("j", "x"):
        await admin.keyboard.press(key)
    await expect(admin.get_by_text("1 selected")).to_be_visible()
    await expect(admin.locator(".grid-row").nth(1)).to_have_attribute("aria-selected", "true")
    await admin.keyboard.press("r")
    await expect(admin.get_by_role("dialog", name="Retry 1 task")).to_be_visible()
    await admin.keyboard.press("Escape")
    await expect(admin.get_by_role("dialog")).to_have_count(0)
    await admin.keyboard.press("e")
    await expect(admin.locator(".drawer")).to_be_visible()
    await admin.keyboard.press("Escape")
    await expect(admin.locator(".drawer")).to_have_count(0)
    await admin.keyboard.press("?")
    await expect(admin.get_by_role("dialog", name="Keys")).to_contain_text("Next task")
    await admin.keyboard.press("Escape")
    await expect(admin.get_by_role("dialog")).to_have_count(0)
    await admin.keyboard.press("/")
    await expect(admin.locator("#query")).to_be_focused()
    await admin.keyboard.press("Escape")
    await admin.keyboard.press("k")
    first = await admin.locator(".grid-row a.name").first.get_attribute("href")
    await admin.keyboard.press("Enter")
    await expect(admin).to_have_url(str(first))
    await admin.keyboard.press("g")
    await admin.keyboard.press("q")
    await expect(admin.locator("h1")).to_have_text("Queues")


async def test_the_query_completes_fields_and_names(admin: Page) -> None:
    await admin.goto("/p/default/tasks")
    await expect(admin.locator(".grid-row").first).to_be_visible()
    await admin.keyboard.press("/")
    await admin.keyboard.type("sta")
    await admin.keyboard.press("Tab")
    await expect(admin.locator("#query")).to_have_value("state:")
    await admin.keyboard.type("fai")
    await admin.keyboard.press("ArrowDown")
    await admin.keyboard.press("Enter")
    await expect(admin.locator("#query")).to_have_value("state:failed ")


async def test_an_error_is_shown_under_the_words_it_is_about(admin: Page) -> None:
    await admin.goto("/p/default/tasks?q=state:failed statx:1")
    await expect(admin.locator("#query-error mark")).to_contain_text("statx")
    await expect(admin.locator("#query")).to_have_attribute("aria-invalid", "true")


async def test_one_query_searches_inside_arguments(admin: Page) -> None:
    await admin.goto("/p/default/tasks?q=state:failed kwargs.user_id:7 -id:evil")
    await expect(admin.locator(".grid-row")).to_have_count(1)
    await expect(admin.locator(".grid-row a.name")).to_have_attribute("title", "broken")
