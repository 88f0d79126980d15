"""Every page: shown without errors, legible to everybody, at every width, and text stays text."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.async_api import Page, expect

from .site import EVIL, Site

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PAGES = {
    "": "Overview",
    "/tasks": "Tasks",
    "/tasks?state=failed": "Tasks",
    "/tasks?task=celery/evil": "Tasks",
    "/tasks/celery/evil": "onerror",
    "/tasks/celery/paid%2F1": "shop.pay",
    "/types?engine=celery&name=shop.pay": "shop.pay",
    "/failures": "Failures",
    "/workers": "Workers",
    "/queues": "Queues",
    "/queues?engine=celery&queue=mail": "mail",
    "/commands": "Commands",
    "/bulk": "Bulk operations",
    "/audit": "Audit",
    "/settings": "Settings",
    "/settings?part=members": "Settings",
    "/settings?part=keys": "Settings",
    "/settings?part=project": "Settings",
    "/settings?part=retention": "Settings",
    "/settings?part=users": "Settings",
    "/nonsense": "Not found",
}


async def shown(page: Page, path: str, heading: str) -> None:
    await page.goto(f"/p/default{path}")
    await expect(page.locator("main h1").first).to_contain_text(heading)
    await expect(page.locator(".skeleton")).to_have_count(0)


async def complaints(page: Page, **only: Any) -> list[str]:
    """What axe finds, as lines that say where."""
    # Evaluated over the debugger, which the page's policy does not bind.
    await page.evaluate(f"window.axe || (() => {{{AXE}}})()")
    options = only or {"runOnly": {"type": "tag", "values": RULES}}
    # What passes is not wanted, and to write it down takes axe long.
    options["resultTypes"] = ["violations"]
    found = await page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{each['id']}: {node['target']} {node['html'][:120]} {node['failureSummary'][:300]}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]


async def worn(page: Page, theme: Literal["light", "dark"]) -> None:
    await page.emulate_media(color_scheme=theme)
    await expect(page.locator("html")).to_have_attribute("data-theme", theme)


@pytest.mark.parametrize(("path", "heading"), PAGES.items())
async def test_a_page_is_legible_for_everybody_at_every_width(
    admin: Page, path: str, heading: str
) -> None:
    await shown(admin, path, heading)
    found = await complaints(admin)
    await worn(admin, "dark")
    # What is not a matter of colour is the same in the dark.
    found += [f"dark: {each}" for each in await complaints(admin, runOnly=["color-contrast"])]
    assert not found
    await text_stays_text(admin)
    for width in (2560, 360):
        await fits(admin, width)


async def fits(page: Page, width: int) -> None:
    """Nothing makes the page wider than such a screen, once it lies still."""
    await page.set_viewport_size({"width": width, "height": 800})
    await page.wait_for_function(
        "width => document.documentElement.scrollWidth <= width", arg=width, timeout=30_000
    )


async def test_log_in_and_set_up_are_legible(admin: Page) -> None:
    await admin.context.clear_cookies()
    for path in ("/login", "/setup"):
        await admin.goto(path)
        await expect(admin.locator("h1")).to_be_visible()
        assert not await complaints(admin)


async def text_stays_text(page: Page) -> None:
    """No text of an agent has become an element, and none has run."""
    await expect(page.locator("#app img, #app script, #app iframe, #app [onerror]")).to_have_count(
        0
    )
    assert await page.evaluate("window.pwned") is None


async def test_texts_of_agents_are_shown_as_they_are(admin: Page) -> None:
    await shown(admin, "/tasks/celery/evil", "onerror")
    await expect(admin.locator(".trace")).to_contain_text("<script>")
    await expect(admin.locator(".json").first).to_contain_text("<img src=x")
    await expect(admin.locator(".facts")).to_contain_text(f"Tags{EVIL}")
    await expect(admin.locator(".facts")).to_contain_text(f"Priority{EVIL}")
    for event in await admin.locator(".steps summary").all():
        await event.click()
    await text_stays_text(admin)


async def test_completions_and_tooltips_are_text_too(admin: Page) -> None:
    await shown(admin, "/tasks?state=failed", "Tasks")
    await admin.locator("#query").press_sequentially("name:<im")
    await expect(admin.locator("#options li").first).to_contain_text("<img src=x")
    await text_stays_text(admin)


async def test_what_a_worker_answers_is_text_too(admin: Page, site: Site) -> None:
    """Results and errors of commands come from agents as well."""
    for error in (None, EVIL):
        # Anew, so that nothing is left of the order before.
        await shown(admin, "/tasks/celery/broken", "shop.pay")
        await admin.get_by_role("button", name="Retry", exact=True).click()
        await admin.get_by_role("dialog").get_by_role("button", name="Retry").click()
        await admin.get_by_role("link", name="Follow").click()
        await site.agent.answer(await site.agent.command(), result={EVIL: EVIL}, error=error)
        await expect(admin.locator(".head .state")).to_have_text("failed" if error else "succeeded")
        await expect(admin.get_by_text("<img src=x").first).to_be_visible()
        await text_stays_text(admin)


async def test_no_link_runs_a_script(admin: Page) -> None:
    await shown(admin, "/tasks/celery/child", "shop.pay")
    hrefs = await admin.eval_on_selector_all("a", "links => links.map(link => link.protocol)")
    assert set(hrefs) <= {"http:"}


async def test_a_dark_theme_is_there_before_the_first_paint(admin: Page) -> None:
    await shown(admin, "", "Overview")
    await admin.evaluate("localStorage.setItem('taskdeck.theme', 'dark')")
    await admin.route("**/main-*.js", lambda route: route.abort())
    await admin.goto("/p/default", wait_until="commit")
    await expect(admin.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize(
    ("path", "ready"), [("/tasks?state=failed", ".grid-row"), ("", ".chart canvas")]
)
async def test_what_is_shown_first_is_asked_for_once(admin: Page, path: str, ready: str) -> None:
    """Before the page's code is there, and not again by that code."""
    asked: list[str] = []
    await admin.route_web_socket("**/ws/dashboard", lambda _: None)
    admin.on("request", lambda request: asked.append(request.url))
    await admin.goto(f"/p/default{path}")
    await expect(admin.locator(ready).first).to_be_visible()
    loads = [url for url in asked if "/api/v1/" in url and not url.endswith("/ready")]
    assert len(loads) > 1
    assert sorted(loads) == sorted(set(loads))
