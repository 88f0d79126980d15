"""Tasks whose ids are no good part of an address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from taskdeck.domain.access import Role
from taskdeck.domain.batching import Batch
from taskdeck.entrypoints.cli.client import BrainClient

from ..builders import event
from .brain import Brain, running_brain
from .people import Person, robot

ODD = (
    ".", "..", "/", "//a", "a/b", "a/../b", "../../me", "a%2Fb", "a?b#c", "a\nb", "\x7f", " ", "%",
    "a+b", "a\\b", "ü", "{x}", "export",
)  # fmt: skip


@pytest.fixture
async def brain(tmp_path: Path) -> AsyncIterator[Brain]:
    async with running_brain(tmp_path) as running:
        said: dict[str, Any] = {
            "engine": "celery",
            "at": running.now(),
            "project_id": running.project.id,
        }
        facts = tuple(event("task.started", each, **said) for each in ODD)
        await running.container.event_store().append(Batch(facts))
        yield running


@pytest.fixture
async def viewer(brain: Brain) -> AsyncIterator[Person]:
    person = await robot(brain, Role.VIEWER)
    yield person
    await person.http.close()


async def test_the_query_carries_every_id(viewer: Person) -> None:
    for task_id in ODD:
        path = "/projects/default/tasks/celery"
        status, task = await viewer.call("GET", path, params={"task_id": task_id})
        assert (status, task.get("task_id")) == (200, task_id)


async def test_a_path_that_is_sent_as_it_is_carries_them_too(brain: Brain, viewer: Person) -> None:
    key = viewer.headers["Authorization"].removeprefix("Bearer ")

    def shown() -> list[str]:
        with closing(BrainClient(brain.url, key)) as client:
            path = ("projects", "default", "tasks", "celery")
            return [client.get(*path, task_id)["task_id"] for task_id in ODD]

    assert await asyncio.to_thread(shown) == list(ODD)


@pytest.mark.parametrize(
    ("query", "expected"), [("", 400), ("?task_id=", 400), ("?task_id=no", 404)]
)
async def test_the_query_must_name_a_task(viewer: Person, query: str, expected: int) -> None:
    status, _ = await viewer.call("GET", f"/projects/default/tasks/celery{query}")
    assert status == expected
