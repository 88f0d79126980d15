"""A real RQ worker with the published agent, against a real brain."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from taskdeck.domain.events import EventKind
from taskdeck.domain.projections.tasks import TaskState
from taskdeck.domain.queries import EventFilter

from .redis_server import redis_server
from .shop import Shop, shop
from .waiting import eventually

pytestmark = pytest.mark.timeout(120)


@asynccontextmanager
async def rq_shop(folder: Path) -> AsyncIterator[Shop]:
    with redis_server() as url:
        worker = ["rq", "worker", "-c", "rq_settings", "-u", url, "default"]
        async with shop(folder, "rq", worker, variables={"Z4J_RQ_REDIS_URL": url}) as opened:
            yield opened


async def test_tasks_are_seen_and_commanded(tmp_path: Path) -> None:
    async with rq_shop(tmp_path) as running:
        added = await running.send("a.queue.enqueue('rq_app.add', 2, 3)")
        task = await running.task(added, TaskState.SUCCEEDED)
        assert (task.name, task.field("queue")) == ("rq_app.add", "default")

        boomed = await running.send("a.queue.enqueue('rq_app.boom', 'no stock')")
        failed = await running.task(boomed, TaskState.FAILED)
        assert failed.name == "rq_app.boom"
        assert "no stock" in str(failed.field("traceback") or failed.field("exception"))

        retry = await running.order("retry_task", task_id=boomed)
        assert (retry.status, retry.error) == ("succeeded", None)
        assert retry.result is not None
        assert retry.result["task_id"] == boomed

        submit = await running.order(
            "submit_task", parameters={"name": "rq_app.add", "args": [1, 1]}
        )
        assert (submit.status, submit.error) == ("succeeded", None)
        assert submit.result is not None
        await running.task(submit.result["task_id"], TaskState.SUCCEEDED)

        async def failed_again() -> bool:
            log, project = running.brain.container.event_store(), running.brain.project
            page = await log.read(project.id, EventFilter(engine="rq", task_id=boomed))
            return [event.kind for event in page.events].count(EventKind.TASK_FAILED) == 2

        await eventually(failed_again)

        later = await running.send("a.queue.enqueue_in(a.timedelta(hours=1), 'rq_app.add', 2, 3)")
        cancel = await running.order("cancel_task", task_id=later)
        assert (cancel.status, cancel.result and cancel.result["task_id"]) == ("succeeded", later)
