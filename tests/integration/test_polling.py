"""Asking again and again is cheap, and asking too often is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from taskdeck.domain.access import Role
from taskdeck.domain.batching import Batch

from ..builders import run_of
from .brain import Brain, running_brain
from .people import Person, robot

TASKS = "/projects/default/tasks"


@pytest.fixture
async def brain(tmp_path: Path) -> AsyncIterator[Brain]:
    async with running_brain(tmp_path, api_rate=1) as running:
        yield running


@pytest.fixture
async def reader(brain: Brain) -> AsyncIterator[Person]:
    person = await robot(brain, Role.ADMIN)
    yield person
    await person.http.close()


async def test_what_did_not_change_is_not_sent_again(brain: Brain, reader: Person) -> None:
    async with await reader.ask("GET", TASKS) as first:
        tag = first.headers["ETag"]
        assert tag.startswith('W/"')
        assert first.headers["Cache-Control"] == "no-store"
    known = {"If-None-Match": f'"other", {tag}'}
    async with await reader.ask("GET", TASKS, headers=known) as again:
        assert (again.status, await again.read()) == (304, b"")
        assert again.headers["ETag"] == tag
    facts = run_of("t1", at=brain.now(), project_id=brain.project.id)
    await brain.container.event_store().append(Batch(tuple(facts)))
    async with await reader.ask("GET", TASKS, headers=known) as changed:
        assert changed.status == 200
        assert changed.headers["ETag"] != tag
        assert [task["task_id"] for task in (await changed.json())["tasks"]] == ["t1"]


async def test_secrets_stay_out_of_caches(reader: Person) -> None:
    async with await reader.ask("GET", "/me") as me:
        assert me.headers["Cache-Control"] == "no-store"
        assert "ETag" not in me.headers
    body = {"name": "web"}
    async with await reader.ask("POST", "/projects/default/agents", json=body) as minted:
        assert minted.headers["Cache-Control"] == "no-store"
    async with await reader.ask("GET", "/openapi.json") as document:
        assert document.headers["Cache-Control"] == "no-cache, private"


async def test_too_many_requests_with_one_key(brain: Brain, reader: Person) -> None:
    answers = await asyncio.gather(*(reader.ask("GET", TASKS) for _ in range(20)))
    statuses = {answer.status for answer in answers}
    assert statuses == {200, 429}
    refused = next(answer for answer in answers if answer.status == 429)
    assert int(refused.headers["Retry-After"]) >= 1
    assert (await refused.json())["error"]["code"] == "throttled"
    for answer in answers:
        answer.release()
    other = await robot(brain, Role.VIEWER)
    assert (await other.call("GET", TASKS))[0] == 200
    await other.http.close()
