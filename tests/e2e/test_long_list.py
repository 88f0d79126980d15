"""A hundred thousand rows: the page stays small and goes on scrolling."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Page, Route, expect

MANY = 100_000
PAGE = 20_000
MOST_IN_PAGE = 80


def row(number: int) -> dict[str, object]:
    at = "2026-02-03T04:05:06.000000Z"
    told = {"engine": "celery", "task_id": f"long-{number}", "name": "shop.long", "attempts": 1}
    return {**told, "state": "succeeded", "queue": "mail", "first_seen_at": at, "last_event_at": at}


async def answer(route: Route) -> None:
    """A page of the list, from the number in its cursor."""
    (first,) = parse_qs(urlsplit(route.request.url).query).get("cursor", ["0"])
    until = min(int(first) + PAGE, MANY)
    tasks = [row(number) for number in range(int(first), until)]
    cursor = str(until) if until < MANY else None
    body = json.dumps({"tasks": tasks, "next_cursor": cursor, "searched": None})
    await route.fulfill(body=body, content_type="application/json")


async def test_a_long_list_scrolls_to_its_end(admin: Page) -> None:
    await admin.route("**/api/v1/projects/default/tasks?*", answer)
    await admin.goto("/p/default/tasks?name=shop.long")
    rows = admin.locator(".grid-row")
    for shown in range(PAGE, MANY + 1, PAGE):
        await expect(
            admin.get_by_text(f"{shown:,} shown" if shown < MANY else "100K shown")
        ).to_be_attached()
        await admin.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        await expect(rows.last).to_be_in_viewport()
        assert await rows.count() < MOST_IN_PAGE
    await expect(rows.last.locator("a.name")).to_have_attribute("title", f"long-{MANY - 1}")
    await admin.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    await expect(rows.first.locator("a.name")).not_to_have_attribute("title", f"long-{MANY - 40}")
    await expect(rows.nth(20)).to_be_in_viewport()
    assert await rows.count() < MOST_IN_PAGE
