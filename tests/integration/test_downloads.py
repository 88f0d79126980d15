"""Failures in groups, pages that go on, and files of all that matches, over HTTP."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from taskdeck.domain.access import Role
from taskdeck.domain.batching import Batch
from taskdeck.domain.errors import StoreUnavailable
from taskdeck.domain.events import Event
from taskdeck.domain.instants import HOUR, MINUTE, SECOND
from taskdeck.domain.paging import encode_cursor
from taskdeck.domain.queries import TaskPage
from taskdeck.domain.search import Query
from taskdeck.domain.services import exports
from taskdeck.entrypoints.http import downloads

from ..builders import event, run_of
from .brain import Brain, running_brain
from .waiting import eventually

IN = "/api/v1/projects/default"
TRACEBACK = 'Traceback (most recent call last):\n  File "/app/shop/tasks.py", line 7, in pay\n'


@dataclass
class Reader:
    brain: Brain
    http: aiohttp.ClientSession

    async def text(self, path: str, status: int = 200) -> str:
        async with self.http.get(f"{self.brain.url}{path}") as answer:
            assert answer.status == status, await answer.text()
            return await answer.text()

    async def json(self, path: str, status: int = 200) -> Any:
        return json.loads(await self.text(path, status))

    async def put(self, *events: Event) -> None:
        await self.brain.container.event_store().append(Batch(events))

    def failing(self, task_id: str, *, ago: int = MINUTE, **data: Any) -> Event:
        told = {"task_name": "shop.pay", "exception": "Declined", "traceback": TRACEBACK, **data}
        told.setdefault("exception_message", f"card of {task_id} is no good")
        at = self.brain.now() - ago
        return event("task.failed", task_id, at=at, project_id=self.brain.project.id, **told)


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Reader]:
    async with running_brain(tmp_path) as brain:
        created = await brain.container.keys().create("all", Role.ADMIN, "test")
        headers = {"Authorization": f"Bearer {created.key}"}
        async with aiohttp.ClientSession(headers=headers) as http:
            yield Reader(brain, http)


async def test_failures_are_grouped_and_lead_to_their_tasks(reader: Reader) -> None:
    await reader.put(
        *(reader.failing(f"t{n}", ago=n * HOUR) for n in range(1, 4)),
        reader.failing("other", task_name="shop.mail", exception="OSError", traceback=None),
        reader.failing("silent", exception=None, exception_message=None, traceback=None),
        reader.failing("t9", ago=30 * HOUR),
    )

    found = await reader.json(f"{IN}/failures")

    first, *others = found["failures"]
    assert (first["exception"], first["place"]) == ("Declined", "shop/tasks.py:pay")
    assert first["message"] == "card of # is no good"
    assert first["example"] == {
        "engine": "huey", "task_id": "t1", "message": "card of t1 is no good",
    }  # fmt: skip
    assert (first["count"], first["retried"], first["rest"]) == (3, 0, False)
    assert first["tasks"] == [{"engine": "huey", "name": "shop.pay", "count": 3}]
    assert sum(point["count"] for point in first["trend"]) == 3
    assert found["since"] < first["first_seen_at"] < first["last_seen_at"] < found["until"]
    newest = await reader.json(f"{IN}/tasks/huey/t1")
    assert first["last_seen_at"] == newest["finished_at"], "to the microsecond, not to the minute"
    assert {each["exception"] for each in others} == {"OSError", None}

    tasks = await reader.json(f"{IN}/tasks?q=fingerprint:{first['fingerprint']} state:failed")
    assert [task["task_id"] for task in tasks["tasks"]] == ["t1", "t2", "t3", "t9"]
    assert tasks["tasks"][0]["fingerprint"] == first["fingerprint"]
    of_mail = await reader.json(f"{IN}/failures?name=shop.mail&limit=1")
    assert [each["exception"] for each in of_mail["failures"]] == ["OSError"]
    assert (await reader.json(f"{IN}/failures?limit=1"))["left_out"] == 2


@pytest.mark.parametrize("query", ["since=2000-01-01T00:00:00Z", "limit=0", "limit=201", "sort=x"])
async def test_bad_windows_are_refused(reader: Reader, query: str) -> None:
    error = (await reader.json(f"{IN}/failures?{query}", 400))["error"]
    assert error["details"]["field"] == query.partition("=")[0]


async def test_a_slow_reader_misses_nothing_that_grows_old(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reader.put(*(reader.failing(f"t{n}", ago=n * SECOND) for n in range(1, 4)))
    first = await reader.json(f"{IN}/tasks?q=since:1h&limit=1")
    later = reader.brain.now() + 2 * HOUR
    monkeypatch.setattr(reader.brain.container.clock(), "now", lambda: later)

    rest = await reader.json(f"{IN}/tasks?q=since:1h&cursor={first['next_cursor']}")

    assert [task["task_id"] for task in rest["tasks"]] == ["t2", "t3"]
    assert (await reader.json(f"{IN}/tasks?q=since:1h"))["tasks"] == []


@pytest.mark.parametrize("cursor", [
    encode_cursor(1, "a", "b"),
    encode_cursor("1", encode_cursor(1, "a", "b")),
    encode_cursor(-1, encode_cursor(1, "a", "b")),
    encode_cursor(10**18, encode_cursor(1, "a", "b")),
    encode_cursor(1, encode_cursor("a", 1)),
    encode_cursor(1, "x"),
    encode_cursor(1, None),  # type: ignore[arg-type]
    "x" * 2_000,
    "%00",
])  # fmt: skip
async def test_forged_cursors_are_refused(reader: Reader, cursor: str) -> None:
    error = (await reader.json(f"{IN}/tasks?cursor={cursor}", 400))["error"]
    assert error["details"]["field"] == "cursor"


async def test_a_table_of_tasks(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PAGE", 2)
    formula = '=HYPERLINK("http://example.com")'
    await reader.put(
        *(reader.failing(f"t{n}", ago=n * SECOND) for n in range(1, 6)),
        reader.failing("ünï,", ago=9 * SECOND, args=[1, "a\nb"], exception_message=formula),
        *run_of("done", at=reader.brain.now(), project_id=reader.brain.project.id),
    )

    async with reader.http.get(
        f"{reader.brain.url}{IN}/tasks/export", params={"q": "state:failed"}
    ) as answer:
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert 'filename="taskdeck-default-tasks-2' in answer.headers["Content-Disposition"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        body = await answer.text()

    rows = list(csv.DictReader(io.StringIO(body)))
    assert [row["task_id"] for row in rows] == ["t1", "t2", "t3", "t4", "t5", "ünï,"]
    assert rows[-1]["exception_message"] == f"'{formula}"
    assert json.loads(rows[-1]["args"]) == [1, "a\nb"]
    assert rows[0]["traceback"] == TRACEBACK

    lines = (await reader.text(f"{IN}/tasks/export?format=ndjson")).splitlines()
    documents = [json.loads(line) for line in lines]
    assert [each["task_id"] for each in documents][:2] == ["done", "t1"]
    assert documents[-1]["args"] == [1, "a\nb"]
    assert await reader.text(f"{IN}/tasks/export?format=ndjson&q=id:nobody") == ""


async def test_a_table_of_decisions(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PAGE", 1)
    listed = (await reader.json(f"{IN}/audit"))["entries"]

    lines = (await reader.text(f"{IN}/audit/export?format=ndjson")).splitlines()
    table = await reader.text(f"{IN}/audit/export?kind=agent")

    assert [json.loads(line) for line in lines] == listed
    kinds = [row["kind"] for row in csv.DictReader(io.StringIO(table))]
    assert kinds == [each["kind"] for each in listed if each["kind"].startswith("agent.")]
    assert "key.created" in await reader.text("/api/v1/audit/export")


@pytest.mark.parametrize("query", ["format=xlsx", "q=stat:failed", "limit=5", "since=x"])
async def test_what_cannot_be_exported(reader: Reader, query: str) -> None:
    assert (await reader.json(f"{IN}/tasks/export?{query}", 400))["error"][
        "code"
    ] == "invalid_input"


async def test_a_part_is_never_taken_for_the_whole(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away after some pages: the connection breaks off."""
    monkeypatch.setattr(exports, "PAGE", 2)
    await reader.put(*(reader.failing(f"t{n}", ago=n * SECOND) for n in range(1, 6)))
    views = reader.brain.container.views()
    ask, asked = views.tasks, 0

    async def tasks(*args: Any, **options: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked > 2:
            raise StoreUnavailable
        return await ask(*args, **options)

    monkeypatch.setattr(views, "tasks", tasks)
    with pytest.raises(aiohttp.ClientError):
        await reader.text(f"{IN}/tasks/export")
    assert (await reader.json(f"{IN}/tasks/export", 503))["error"]["code"] == "store_unavailable"


async def test_who_goes_away_makes_room_for_others(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of endless downloads some may run at a time; each ends with its client."""
    await reader.put(reader.failing("t1"))
    views = reader.brain.container.views()
    (task,) = (await views.tasks(reader.brain.project.id, Query())).tasks

    async def endless(*_: Any, **__: Any) -> TaskPage:
        await asyncio.sleep(0)
        return TaskPage((task,) * 100, "on")

    address = f"{reader.brain.url}{IN}/tasks/export"
    with monkeypatch.context() as patched:
        patched.setattr(views, "tasks", endless)
        answers = [await reader.http.get(address) for _ in range(downloads.MOST_AT_ONCE)]
        assert [len(await each.content.readexactly(100_000)) for each in answers]
        refused = await reader.http.get(address)
        assert (refused.status, refused.headers["Retry-After"]) == (429, "10")
        for each in answers:
            each.close()

        async def one_more() -> bool:
            answer = await reader.http.get(address)
            answer.close()
            return answer.status == 200

        await eventually(one_more)
    assert "t1" in await reader.text(f"{IN}/tasks/export")
