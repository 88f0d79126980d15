"""A real Huey consumer with the published agent, against a real brain."""

from __future__ import annotations

from pathlib import Path

import pytest

from taskdeck.domain.projections.tasks import TaskState

from .shop import shop

pytestmark = pytest.mark.timeout(120)
CONSUMER = ["huey_consumer", "huey_app.huey", "--delay", "0.05"]


async def test_tasks_are_seen_as_they_ran(tmp_path: Path) -> None:
    async with shop(tmp_path, "huey", CONSUMER) as running:
        marker = str(tmp_path / "marker")
        added, boomed, retried = await running.send_all(
            "a.add(2, 3)", "a.boom('no stock')", f"a.flaky({marker!r})"
        )

        task = await running.task(added, TaskState.SUCCEEDED)
        assert (task.name, task.attempt_count) == ("add", 1)

        failed = await running.task(boomed, TaskState.FAILED)
        assert failed.name == "boom"
        assert "no stock" in str(failed.field("exception_message") or failed.field("exception"))

        again = await running.task(
            retried, TaskState.SUCCEEDED, until=lambda task: task.attempt_count == 2
        )
        assert again.name == "flaky"


async def test_commands_come_back_with_results(tmp_path: Path) -> None:
    async with shop(tmp_path, "huey", CONSUMER) as running:
        submit = await running.order("submit_task", parameters={"name": "add", "args": [1, 1]})
        assert (submit.status, submit.error) == ("succeeded", None)
        assert submit.result is not None
        await running.task(submit.result["task_id"], TaskState.SUCCEEDED)

        boomed = await running.send("a.boom('no stock')")
        await running.task(boomed, TaskState.FAILED)
        retry = await running.order(
            "retry_task",
            task_id=boomed,
            parameters={"override_args": ["more"], "override_kwargs": {}},
        )
        assert (retry.status, retry.error) == ("succeeded", None)
        assert retry.result is not None
        assert retry.result["new_task_id"] != boomed
        await running.task(retry.result["new_task_id"], TaskState.FAILED)

        later = await running.send("a.add.schedule((1, 2), delay=3600)")
        cancel = await running.order("cancel_task", task_id=later)
        assert (cancel.status, cancel.result and cancel.result["revoked"]) == ("succeeded", True)
