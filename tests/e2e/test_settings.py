"""What the settings tell beside credentials."""

from __future__ import annotations

from playwright.async_api import Page, expect


async def test_retention_is_told_with_the_names_of_its_settings(admin: Page) -> None:
    await admin.goto("/p/default/settings?part=retention")
    table = admin.get_by_role("region", name="Retention")
    events = table.get_by_role("row", name="Events")
    await expect(events).to_contain_text("30 days")
    await expect(events).to_contain_text("Z4J_EVENT_RETENTION_DAYS")
    await expect(events).to_contain_text("in time")
    await expect(table.get_by_role("row", name="Audit log")).to_contain_text("for good")
    lines = admin.get_by_role("region", name="Settings")
    await expect(lines).to_contain_text("Z4J_STATISTICS_RETENTION_DAYS=90")


async def test_retention_that_is_late_is_an_alarm(admin: Page) -> None:
    late = {
        "kind": "events", "days": 30, "setting": "Z4J_EVENT_RETENTION_DAYS",
        "oldest_day": "2026-01-02T00:00:00.000000Z", "lag_seconds": 3 * 86_400 + 60, "late": True,
    }  # fmt: skip
    await admin.route("**/api/v1/retention", lambda route: route.fulfill(json={"kept": [late]}))
    await admin.goto("/p/default/settings?part=retention")
    await expect(admin.get_by_role("alert")).to_contain_text("taskdeck check")
    await expect(admin.get_by_role("row", name="Events")).to_contain_text("3 days late")
    await expect(admin.get_by_role("row", name="Events")).to_contain_text("2026-01-02")
