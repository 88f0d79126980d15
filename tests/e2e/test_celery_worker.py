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
            # The order's toast leads there as soon as the worker has answered.
            await page.get_by_role("link", name="The new task", exact=True).click()
            await expect(page).not_to_have_url(re.compile(failed))
            await expect(page.locator(".head .state")).to_have_text("succeeded")
            await expect(page.get_by_role("region", name="Result")).to_have_text("42")
