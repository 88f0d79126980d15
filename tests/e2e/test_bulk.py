"""Many tasks at once, from the list to the last command."""

from __future__ import annotations

from playwright.async_api import Page, expect

from .site import Site, fresh

TASKS = 103
"""More than a page shows."""


async def test_all_that_match_are_retried_and_followed(admin: Page, site: Site) -> None:
    name = fresh("shop.bulk")
    failed = {"task_name": name, "exception": "CardDeclined"}
    for first in range(0, TASKS, 50):
        some = range(first, min(first + 50, TASKS))
        await site.report(*(site.event("failed", f"{name}-{n}", **failed) for n in some))
    await admin.goto(f"/p/default/tasks?name={name}&state=failed")
    await admin.get_by_role("checkbox", name="Select the 100 tasks that are loaded").click()
    await admin.get_by_role("button", name="Retry all that match").click()
    dialog = admin.get_by_role("dialog")
    await expect(dialog).to_contain_text(f"Retry {TASKS} tasks")
    await expect(dialog).to_contain_text(f"name:{name}")
    await dialog.get_by_role("button", name=f"Retry {TASKS}").click()
    # At once: the word about it does not stay for long.
    await admin.get_by_role("link", name="Follow").click()
    ordered = set()
    for _ in range(TASKS):
        command = await site.agent.command()
        ordered.add(command["payload"]["parameters"]["task_id"])
        await site.agent.answer(command, result={"new_task_id": "n1"})
    assert ordered == {f"{name}-{n}" for n in range(TASKS)}
    await expect(admin.locator(".state", has_text="finished")).to_be_visible()
    await expect(admin.locator("main")).to_contain_text(f"{TASKS} of {TASKS}")
    tasks = admin.get_by_role("region", name="Tasks of this operation")
    await expect(tasks.locator("tbody tr")).to_have_count(100)
    await expect(tasks.locator("tbody tr").nth(0)).to_contain_text(name)
    await admin.get_by_role("button", name="Next").click()
    await expect(tasks.locator("tbody tr")).to_have_count(TASKS - 100)


async def test_all_that_match_is_offered_only_of_a_filtered_list(admin: Page) -> None:
    await admin.goto("/p/default/tasks")
    await admin.get_by_role("checkbox", name="that are loaded").click()
    bar = admin.get_by_role("region", name="Selection")
    await expect(bar.get_by_role("button", name="Retry", exact=True)).to_be_visible()
    await expect(bar.get_by_role("button", name="Retry all that match")).not_to_be_attached()
