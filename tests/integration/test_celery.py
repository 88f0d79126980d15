"""A real Celery worker with the published agent, against a real brain."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from taskdeck.domain.projections.tasks import Task, TaskState
from taskdeck.domain.search import Query
from taskdeck.domain.session_entries import ENDED_BY_WORKER

from .shop import Shop, shop
from .waiting import eventually

pytestmark = pytest.mark.timeout(240)
POOLS = [["-P", "solo"], ["-P", "prefork", "-c", "2"]]


@asynccontextmanager
async def celery_shop(folder: Path, *pools: Sequence[str]) -> AsyncIterator[Shop]:
    for name in ("queue", "control", "results"):
        (folder / name).mkdir()
    base = ["celery", "-A", "celery_app", "worker", "-E"]
    workers = [[*base, "-n", f"w{number}@h", *pool] for number, pool in enumerate(pools)]
    async with shop(folder, "celery", *workers) as opened:
        yield opened


def whole(task: Task) -> bool:
    """The receipt, the start and the end are known."""
    return bool(task.field("args")) and task.attempts[-1].runtime_us is not None


@pytest.mark.parametrize("pool", POOLS, ids=["solo", "prefork"])
async def test_tasks_are_seen_as_they_ran(tmp_path: Path, pool: list[str]) -> None:
    async with celery_shop(tmp_path, pool) as running:
        added, boomed, retried = await running.send_all(
            "a.add.delay(2, 3)", "a.boom.delay('no stock')", "a.flaky.delay()"
        )

        task = await running.task(added, TaskState.SUCCEEDED, until=whole)
        assert (task.name, task.field("args"), task.field("queue")) == (
            "celery_app.add", [2, 3], "celery",
        )  # fmt: skip
        assert str(task.field("result")) == "5"

        failed = await running.task(boomed, TaskState.FAILED, until=whole)
        assert (failed.name, failed.field("exception")) == ("celery_app.boom", "ValueError")
        assert "no stock" in failed.field("exception_message")
        assert "Traceback" in failed.field("traceback")

        again = await running.task(
            retried, TaskState.SUCCEEDED, until=lambda task: task.attempt_count == 2
        )
        assert again.name == "celery_app.flaky"


@pytest.mark.parametrize("pool", POOLS, ids=["solo", "prefork"])
async def test_a_worker_that_is_asked_to_stop_says_goodbye(tmp_path: Path, pool: list[str]) -> None:
    async with celery_shop(tmp_path, pool) as running:
        running.processes[0].terminate()
        (worker,) = await eventually(running.brain.gone)
        assert worker.close_reason == ENDED_BY_WORKER


async def test_commands_come_back_with_results(tmp_path: Path) -> None:
    async with celery_shop(tmp_path, POOLS[0]) as running:
        added = await running.send("a.add.delay(4, 5)")
        await running.task(added, TaskState.SUCCEEDED)

        retry = await running.order("retry_task", task_id=added)
        assert retry.status == "succeeded"
        assert retry.result is not None
        new_id = retry.result["new_task_id"]
        again = await running.task(new_id, TaskState.SUCCEEDED, until=whole)
        assert again.field("args") == [4, 5]

        submit = await running.order(
            "submit_task", parameters={"name": "celery_app.add", "args": [1, 1]}
        )
        assert submit.result is not None
        await running.task(submit.result["task_id"], TaskState.SUCCEEDED)

        cancel = await running.order("cancel_task", task_id="0e7a2c44-0000-4000-8000-000000000000")
        assert (cancel.status, cancel.result and cancel.result["terminated"]) == ("succeeded", True)

        purge = await running.order("purge_queue", parameters={"queue": "celery", "force": True})
        assert (purge.status, purge.result and purge.result["queue"]) == ("succeeded", "celery")

        unknown = await running.order("retry_task", task_id="0e7a2c44-0000-4000-8000-000000000001")
        assert unknown.status == "failed"
        assert unknown.error


async def test_two_workers_under_one_agent_count_each_task_once(tmp_path: Path) -> None:
    async with celery_shop(tmp_path, POOLS[0], POOLS[0]) as running:
        sent = await running.send_all(*(f"a.add.delay({number}, 1)" for number in range(4)))
        for task_id in sent:
            task = await running.task(task_id, TaskState.SUCCEEDED)
            assert task.attempt_count == 1
        page = await running.brain.container.views().tasks(running.brain.project.id, Query())
        assert sorted(task.key.task_id for task in page.tasks) == sorted(sent)
