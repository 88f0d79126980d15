"""Orders from the browser, to the worker and back; and who may give them."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from .site import PASSWORD, Site, copied, fresh


async def test_a_retry_with_other_arguments_reaches_the_worker(admin: Page, site: Site) -> None:
    await admin.goto("/p/default/tasks/celery/broken")
    await admin.get_by_role("button", name="Edit and retry").click()
    await admin.locator("#args").fill("[43")
    retry = admin.get_by_role("dialog").get_by_role("button", name="Retry", exact=True)
    await retry.click()
    await expect(admin.get_by_role("alert")).to_contain_text("args is not JSON")
    await admin.locator("#args").fill('["[REDACTED]"]')
    await admin.get_by_role("dialog").get_by_role("button", name="Retry").click()
    await expect(admin.get_by_role("alert")).to_contain_text("args still says [redacted]")
    await admin.locator("#args").fill("[43]")
    await retry.click()
    # At once: the word about it does not stay for long.
    await admin.get_by_role("link", name="Follow").click()
    command = await site.agent.command()
    assert command["payload"]["action"] == "retry_task"
    assert command["payload"]["parameters"]["override_args"] == [43]
    await site.agent.answer(command, result={"new_task_id": "n1"})
    await expect(admin.locator(".head .state")).to_have_text("succeeded")
    await expect(admin.get_by_role("region", name="Result")).to_contain_text("n1")


async def test_all_that_match_are_retried_after_a_look(admin: Page, site: Site) -> None:
    name = fresh("shop.bulk")
    ids = [f"{name}-{number}" for number in range(5)]
    await site.report(*(site.event("failed", each, task_name=name) for each in ids))
    await admin.goto(f"/p/default/tasks?state=failed&name={name}")
    await admin.get_by_role("button", name="All that match").click()
    await admin.get_by_role("button", name="Retry them").click()
    dialog = admin.get_by_role("dialog", name="Retry 5 tasks")
    await expect(dialog.get_by_role("listitem")).to_have_count(5)
    await dialog.get_by_role("button", name="Retry 5").click()
    await admin.get_by_role("link", name="Follow").click()
    asked = []
    for _ in ids:
        command = await site.agent.command()
        asked.append(command["payload"]["target"]["id"])
        await site.agent.answer(command, result={"new_task_id": "n1"})
    assert sorted(asked) == ids
    await expect(admin.get_by_text("5 of 5")).to_be_visible()
    await expect(admin.locator(".state", has_text="finished")).to_be_visible()
    tasks = admin.locator("[aria-label='Tasks of this operation'] tbody tr")
    await expect(tasks).to_have_count(5)


async def test_a_purge_names_the_depth_and_wants_the_name(admin: Page, site: Site) -> None:
    await admin.goto("/p/default/queues")
    await admin.get_by_role("button", name="Purge mail").click()
    purge = admin.get_by_role("button", name="Delete 12 waiting tasks")
    await expect(purge).to_be_disabled()
    await admin.get_by_label("Type the queue's name").fill("mail")
    await purge.click()
    command = await site.agent.command()
    assert command["payload"]["parameters"]["queue"] == "mail"
    await site.agent.answer(command, result={"purged": 12})


FORBIDDEN = re.compile("retry|cancel task|purge|ask|withdraw|all that match", re.IGNORECASE)
"""Names of buttons that take more than looking."""
LOOKED_AT = {
    "": "Overview",
    "/tasks?state=failed": "Tasks",
    "/tasks/celery/broken": "shop.pay",
    "/types?engine=celery&name=shop.pay": "shop.pay",
    "/failures": "Failures",
    "/workers": "Workers",
    "/queues": "Queues",
    "/queues?engine=celery&queue=mail": "mail",
    "/commands": "Commands",
}


async def test_who_may_only_look_is_offered_nothing_else(viewer: Page) -> None:
    for path, heading in LOOKED_AT.items():
        await viewer.goto(f"/p/default{path}")
        await expect(viewer.locator("main h1").first).to_have_text(heading)
        await expect(viewer.locator(".skeleton")).to_have_count(0)
        await expect(viewer.get_by_role("button", name=FORBIDDEN)).to_have_count(0)
        for page in ("Bulk operations", "Audit", "Settings"):
            await expect(viewer.get_by_role("link", name=page)).to_have_count(0)
    await viewer.goto("/p/default/tasks?state=failed")
    await viewer.get_by_role("gridcell").get_by_role("checkbox").first.click()
    await expect(viewer.get_by_text("1 selected")).to_be_visible()
    await expect(viewer.get_by_role("button", name=FORBIDDEN)).to_have_count(0)
    await viewer.goto("/p/default/settings")
    await expect(viewer.get_by_role("alert")).to_contain_text("role admin")


async def test_log_in_leads_back_to_where_one_was_going(admin: Page) -> None:
    await admin.context.clear_cookies()
    await admin.goto("/p/default/queues")
    await expect(admin).to_have_url("/login?to=%2Fp%2Fdefault%2Fqueues")
    await admin.get_by_label("User name").fill("anna")
    await admin.get_by_label("Password").fill("wrong")
    await admin.keyboard.press("Enter")
    await expect(admin.get_by_role("alert")).to_be_visible()
    await admin.get_by_label("Password").fill(PASSWORD)
    await admin.keyboard.press("Enter")
    await expect(admin.locator("h1")).to_have_text("Queues")
    await admin.get_by_role("button", name="Log out").click()
    await expect(admin.locator("h1")).to_have_text("Log in")


async def test_log_in_leads_nowhere_else(admin: Page, site: Site) -> None:
    await admin.goto("/login?to=//example.org/")
    await expect(admin).to_have_url("/p/default")


async def test_an_agent_is_made_with_the_lines_to_paste(admin: Page) -> None:
    await admin.goto("/p/default/settings")
    await admin.get_by_label("Application").fill("shop")
    await admin.get_by_role("button", name="Make credentials").click()
    lines = admin.get_by_role("region", name="Lines to paste")
    await expect(lines).to_contain_text("Z4J_HMAC_SECRET=")
    await admin.get_by_role("button", name="Copy these lines").first.click()
    assert "Z4J_TOKEN=" in await copied(admin)
