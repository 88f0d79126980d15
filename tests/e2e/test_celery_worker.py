"""From a failed task to its successful retry, with a real worker and nothing but the mouse."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Browser, expect

from taskdeck.domain.projections.tasks import TaskState

from ..integration.test_celery import POOLS, celery_shop
from .site import Watched, logged_in, new_user


async def test_a_failed_task_is_found_and_retried(browser: Browser, tmp_path: Path) -> None:
    async with celery_shop(tmp_path, POOLS[0]) as shop:
        users = shop.brain.container.users()
        await users.create(new_user("anna", "Anna", admin=True), "test")
        failed = await shop.send("a.add.delay(2, 'three')")
        await shop.task(failed, TaskState.FAILED)

        login = await logged_in(browser, shop.brain.url, "anna")
        context = await browser.new_context(base_url=shop.brain.url, storage_state=login)
        async with Watched(context) as page:
            await page.goto("/p/default")
            await page.locator(f"a[href='/p/default/tasks/celery/{failed}']").click()
            await expect(page.locator(".trace")).to_contain_text("TypeError")
            await page.get_by_role("button", name="Edit and retry").click()
            await page.locator("#args").fill("[20, 22]")
            await page.get_by_role("dialog").get_by_role("button", name="Retry").click()
            await page.get_by_role("link", name="Follow").click()
            await expect(page.locator(".head .state")).to_have_text("succeeded")
            result = page.get_by_role("region", name="Result")
            await expect(result).to_contain_text("new_task_id")
            found = re.search(r'"new_task_id": "([^"]+)"', await result.inner_text())
            assert found is not None
            await page.goto(f"/p/default/tasks/celery/{found[1]}")
            await expect(page.locator(".head .state")).to_have_text("succeeded")
            await expect(page.get_by_role("region", name="Result")).to_have_text("42")
