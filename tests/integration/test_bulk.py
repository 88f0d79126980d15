"""Bulk operations over HTTP, with a worker that does as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from taskdeck.domain.access import Role
from taskdeck.domain.batching import Batch
from taskdeck.domain.instants import MINUTE

from ..agent_client import AgentClient
from ..builders import run_of
from .brain import Brain, running_brain
from .people import Person, robot
from .waiting import eventually

pytestmark = pytest.mark.timeout(120)
IN = "/projects/default/bulk"
RETRY = {"action": "retry_task", "query": "state:failed", "rate_per_second": 100}


@pytest.fixture
async def brain(tmp_path: Path, database_url: str | None) -> AsyncIterator[Brain]:
    async with running_brain(tmp_path, database_url=database_url) as brain:
        yield brain


@pytest.fixture
async def operator(brain: Brain) -> AsyncIterator[Person]:
    person = await robot(brain, Role.OPERATOR)
    yield person
    await person.http.close()


async def fail_tasks(brain: Brain, number: int, *, prefix: str = "t") -> None:
    events = [
        event
        for task in range(number)
        for event in run_of(
            f"{prefix}{task}",
            at=brain.now() - MINUTE,
            outcome="failed",
            engine="celery",
            project_id=brain.project.id,
            task_name="send_invoice",
        )
    ]
    await brain.container.event_store().append(Batch(tuple(events)))


@asynccontextmanager
async def working(brain: Brain) -> AsyncIterator[list[str]]:
    """A worker that retries what it is told to; the tasks it was told of."""
    told: list[str] = []

    async def obey(agent: AgentClient) -> None:
        while True:
            frame = json.loads(await agent.receive())
            if frame["type"] == "command":
                told.append(frame["payload"]["target"]["id"])
                await agent.answer(frame, result={"new_task_id": f"n{len(told)}"})

    async with brain.agent("w1") as agent:
        obeying = asyncio.create_task(obey(agent))
        try:
            yield told
        finally:
            obeying.cancel()
            await asyncio.gather(obeying, return_exceptions=True)


async def call(person: Person, method: str, path: str = IN, **request: Any) -> Any:
    status, answer = await person.call(method, path, **request)
    assert status in (200, 202), answer
    return answer


async def ended(person: Person, bulk: dict[str, Any]) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        found: dict[str, Any] = await call(person, "GET", f"{IN}/{bulk['id']}")
        return found if found["status"] not in ("running", "paused") else None

    return await eventually(look)


async def items_of(person: Person, bulk: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    query = {"limit": str(limit)}
    while True:
        page = await call(person, "GET", f"{IN}/{bulk['id']}/items", params=query)
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


async def test_all_that_failed_are_retried_once(brain: Brain, operator: Person) -> None:
    await fail_tasks(brain, 25)
    wanted = {"action": "retry_task", "query": "state:failed name:send_invoice since:1h"}
    seen = await call(operator, "POST", f"{IN}/preview", json=wanted)
    assert (seen["count"], seen["exact"], len(seen["sample"])) == (25, True, 10)
    assert seen["advice"] == ["Tasks of celery would wait: no worker of the project is connected."]

    async with working(brain) as told:
        bulk = await call(operator, "POST", json={**wanted, "rate_per_second": 100})
        assert (bulk["status"], bulk["total"]) == ("running", 25)
        bulk = await ended(operator, bulk)

    assert (bulk["status"], bulk["done"], bulk["succeeded"]) == ("finished", 25, 25)
    assert sorted(told) == sorted(f"t{number}" for number in range(25))
    items = await items_of(operator, bulk, 500)
    assert [item["number"] for item in items] == list(range(25))
    assert {item["status"] for item in items} == {"succeeded"}
    assert await items_of(operator, bulk, 7) == items
    command = await call(operator, "GET", f"/projects/default/commands/{items[3]['command_id']}")
    assert command["task_id"] == items[3]["task_id"]
    assert command["issued_by"] == bulk["created_by"]
    assert (await call(operator, "GET"))["bulk"] == [bulk]


async def test_it_is_paused_resumed_and_cancelled(brain: Brain, operator: Person) -> None:
    await fail_tasks(brain, 30)
    bulk = await call(operator, "POST", json={**RETRY, "rate_per_second": 1})
    path = f"{IN}/{bulk['id']}"
    assert (await call(operator, "POST", f"{path}/pause"))["status"] == "paused"
    assert (await call(operator, "POST", f"{path}/resume"))["status"] == "running"
    cancelled = await call(operator, "POST", f"{path}/cancel")
    assert cancelled["status"] == "cancelled"
    status, answer = await operator.call("POST", f"{path}/resume")
    assert (status, answer["error"]["code"]) == (409, "conflict")
    items = await items_of(operator, bulk, 50)
    assert items[-1]["status"] == "waiting"


async def test_the_list_goes_on_by_cursor(brain: Brain, operator: Person) -> None:
    await fail_tasks(brain, 1)
    made = [await call(operator, "POST", json=RETRY) for _ in range(5)]
    seen, query = [], {"limit": "2"}
    while True:
        page = await call(operator, "GET", params=query)
        seen += [bulk["id"] for bulk in page["bulk"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == [bulk["id"] for bulk in reversed(made)]


REFUSED: list[tuple[dict[str, Any], int, str | None]] = [
    ({**RETRY, "query": ""}, 400, "query"),
    ({**RETRY, "query": None}, 400, "query"),
    ({**RETRY, "query": "stat:failed"}, 400, "query"),
    ({**RETRY, "action": "purge_queue"}, 400, "action"),
    ({**RETRY, "rate_per_second": 0}, 400, "rate_per_second"),
    ({**RETRY, "rate_per_second": 501}, 400, "rate_per_second"),
    ({**RETRY, "at_most": 0}, 400, "at_most"),
    ({**RETRY, "colour": "red"}, 400, "colour"),
    ({"action": "retry_task"}, 400, "query"),
    ({**RETRY, "query": "name:nothing"}, 409, None),
    ({**RETRY, "at_most": 1}, 409, None),
]


async def test_what_cannot_be_started_is_said(brain: Brain, operator: Person) -> None:
    await fail_tasks(brain, 2)
    for body, expected, field in REFUSED:
        status, answer = await operator.call("POST", IN, json=body)
        assert (status, answer["error"]["details"].get("field")) == (expected, field), answer
    assert (await call(operator, "GET"))["bulk"] == []


async def test_an_operation_goes_on_after_a_restart(
    tmp_path: Path, database_url: str | None
) -> None:
    async with running_brain(tmp_path, database_url=database_url) as first:
        await fail_tasks(first, 12)
        person = await robot(first, Role.OPERATOR)
        bulk = await call(person, "POST", json={**RETRY, "rate_per_second": 1})
        await person.http.close()
    async with running_brain(tmp_path, database_url=database_url) as second:
        person = await robot(second, Role.OPERATOR)
        found = await call(person, "GET", f"{IN}/{bulk['id']}")
        assert (found["status"], found["total"]) == ("running", 12)
        begun = found["unanswered"] + found["done"]

        async def went_on() -> bool:
            now = await call(person, "GET", f"{IN}/{bulk['id']}")
            return bool(now["unanswered"] + now["done"] > begun)

        await eventually(went_on)
        await person.http.close()


async def test_a_dashboard_hears_of_it(brain: Brain, operator: Person) -> None:
    await fail_tasks(brain, 1)
    async with (
        aiohttp.ClientSession(headers=operator.headers) as http,
        http.ws_connect(f"{brain.url}/ws/dashboard") as socket,
    ):
        await socket.send_json({"subscribe": {"project": "default", "topics": ["commands"]}})
        await socket.receive_json()
        await call(operator, "POST", json=RETRY)
        async with asyncio.timeout(30):
            while "commands" not in (await socket.receive_json())["topics"]:
                pass
