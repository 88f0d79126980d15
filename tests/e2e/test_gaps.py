"""Where an engine does not report something, the page says so, and what to add."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, Route, expect

from taskdeck.domain.instants import MINUTE

from ..agent_client import wire_event
from .site import Site, fresh
from .test_pages import complaints

EVENTS = "celery -A app worker -E"


def of(site: Site, engine: str, kind: str, task_id: str, **data: Any) -> dict[str, Any]:
    return {**site.event(kind, task_id, **data), "engine": engine}


async def test_a_celery_task_without_events_shows_the_line_to_add(admin: Page, site: Site) -> None:
    name, then = fresh("silent"), site.brain.now() - 5 * MINUTE
    await site.report(wire_event("task.received", name, at=then, args=[], kwargs={}, queue="mail"))
    await admin.goto(f"/p/default/tasks/celery/{name}")
    await expect(admin.get_by_text("Start and end.")).to_be_visible()
    await expect(admin.get_by_role("region", name="To have start and end")).to_contain_text(EVENTS)
    assert not await complaints(admin)


async def test_a_celery_retry_says_what_it_needs(admin: Page) -> None:
    await admin.goto("/p/default/tasks/celery/broken")
    await admin.get_by_role("button", name="Retry", exact=True).click()
    dialog = admin.get_by_role("dialog", name="Retry this task")
    await expect(dialog).to_contain_text("app.conf.result_extended = True")


async def test_an_engine_that_keeps_no_arguments_takes_them_anew(admin: Page, site: Site) -> None:
    name = fresh("huey")
    await site.report(
        of(site, "huey", "received", name, args=[7], kwargs={"token": "[redacted]"}),
        of(site, "huey", "started", name),
        of(site, "huey", "succeeded", name),
    )
    await admin.goto(f"/p/default/tasks/huey/{name}")
    await expect(admin.get_by_text("Queue, Worker, Result.")).to_be_visible()
    await expect(admin.get_by_text("The agent of Huey does not report it.")).to_be_visible()
    await admin.get_by_role("button", name="Retry…").click()
    dialog = admin.get_by_role("dialog")
    await expect(dialog).to_contain_text("huey keeps no arguments to run a task with again")
    await expect(dialog).to_contain_text("Write the real ones")
    await expect(dialog.locator("#args")).to_have_value("[\n  7\n]")


async def test_a_queue_without_a_depth_says_why(admin: Page, site: Site) -> None:
    queue = fresh("own-queue")
    await site.report(of(site, "taskiq", "received", fresh("depth"), queue=queue))
    why = "Its agent does not measure queues."
    await admin.goto("/p/default/queues")
    await expect(admin.get_by_text(why)).to_be_visible()
    await admin.get_by_role("link", name=queue).click()
    await expect(admin.get_by_text(why)).to_be_visible()


async def test_receipts_alone_are_told_on_the_overview(admin: Page) -> None:
    async def receipts_only(route: Route) -> None:
        """As of workers without events."""
        answer = await route.fetch()
        told = await answer.json()
        for window in [told["total"], *told["tasks"], *told["points"]]:
            window["counts"] = {"received": window["counts"].get("received", 0)}
        await route.fulfill(json=told)

    await admin.goto("/p/default")
    await expect(admin.get_by_text("Outcomes").first).to_be_visible()
    await expect(admin.get_by_text("nothing is heard of their start")).to_have_count(0)
    await admin.route("**/stats?*", receipts_only)
    await admin.reload()
    await expect(admin.get_by_text("nothing is heard of their start")).to_be_visible()
    await expect(admin.get_by_role("region", name="To have events")).to_contain_text(EVENTS)


async def test_a_worker_tells_what_it_does_not_report(admin: Page, site: Site) -> None:
    name = fresh("quiet")
    async with site.brain.agent(name, host={"name": name}) as agent:
        await admin.goto("/p/default/workers")
        card = admin.locator(".worker-tiles .card", has_text=name)
        await expect(card).to_contain_text("Z4J_HEARTBEAT=0")
        health = {"celery.broker_connected": "False", "celery.broker_error": "refused"}
        beat = {"buffer_size": 0, "last_flush_at": None, "dropped_events": 0}
        rest = {"adapter_health": health, "telemetry_loss": None}
        await agent.send("heartbeat", "hb_1", {**beat, **rest})
        await expect(card).to_contain_text("celery does not reach it: refused.")
