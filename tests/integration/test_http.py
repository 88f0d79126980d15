from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from taskdeck.domain import session_entries
from taskdeck.domain.access import Role
from taskdeck.domain.batching import Batch
from taskdeck.domain.instants import SECOND, parse_instant

from ..agent_client import wire_run
from ..builders import event, live_session, run_of
from .brain import Brain, running_brain
from .waiting import eventually


@dataclass
class Api:
    """A brain with data in it, and a key of each role."""

    brain: Brain
    http: aiohttp.ClientSession
    keys: dict[str, str]

    async def call(
        self, method: str, path: str, role: str | None = "admin", **request: Any
    ) -> tuple[int, Any]:
        headers = request.pop("headers", {})
        if role is not None:
            headers = {**headers, "Authorization": f"Bearer {self.keys[role]}"}
        url = f"{self.brain.url}/api/v1{path}"
        async with self.http.request(method, url, headers=headers, **request) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else None


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with running_brain(tmp_path) as brain, aiohttp.ClientSession() as http:
        keys = {}
        for role in Role:
            created = await brain.container.keys().create(role.value, role, "test")
            keys[role.value] = created.key
        facts = [
            *run_of("t1", at=brain.now(), project_id=brain.project.id, args=[2**70], queue="mail"),
            *run_of(
                "a/b c",
                at=brain.now(),
                project_id=brain.project.id,
                outcome="failed",
                exception="E: no",
            ),
        ]
        await brain.container.event_store().append(Batch(tuple(facts)))
        yield Api(brain, http, keys)


IN = "/projects/default"
ORDER = {"json": {"action": "cancel_task", "engine": "celery", "task_id": "t1"}}


async def test_a_task_in_full(api: Api) -> None:
    status, task = await api.call("GET", f"{IN}/tasks/huey/t1", "viewer")
    assert status == 200
    assert (task["state"], task["name"], task["queue"]) == ("succeeded", "shop.pay", "mail")
    assert task["args"] == [2**70]
    assert task["runtime_ms"] == 2_000
    assert [each["kind"] for each in task["timeline"]] == [
        "task.received", "task.started", "task.succeeded",
    ]  # fmt: skip


async def test_task_ids_may_hold_anything(api: Api) -> None:
    status, task = await api.call("GET", f"{IN}/tasks/huey/a%2Fb%20c", "viewer")
    assert (status, task["task_id"], task["exception"]) == (200, "a/b c", "E")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=failed", ["a/b c"]),
        ("state=failed,succeeded", ["t1", "a/b c"]),
        ("state=failed&state=succeeded", ["t1", "a/b c"]),
        ("name=shop.*&queue=mail", ["t1"]),
        ("engine=celery", []),
        ("q=no", ["a/b c"]),
        ("since=2100-01-01T00:00:00Z", []),
    ],
)
async def test_task_filters(api: Api, query: str, expected: list[str]) -> None:
    status, body = await api.call("GET", f"{IN}/tasks?{query}", "viewer")
    assert status == 200
    assert sorted(task["task_id"] for task in body["tasks"]) == sorted(expected)


async def test_pages(api: Api) -> None:
    _, first = await api.call("GET", f"{IN}/tasks?limit=1", "viewer")
    _, rest = await api.call("GET", f"{IN}/tasks?limit=1&cursor={first['next_cursor']}", "viewer")
    assert {t["task_id"] for t in (*first["tasks"], *rest["tasks"])} == {"t1", "a/b c"}
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/tasks?limit=0", "limit"),
        ("/tasks?limit=501", "limit"),
        ("/tasks?cursor=x", "cursor"),
        ("/tasks?state=done", "state"),
        ("/tasks?since=yesterday", "since"),
        ("/tasks?nonsense=1", "nonsense"),
        ("/events?kind=x", "kind"),
        ("/events?newest_first=maybe", "newest_first"),
        ("/stats?since=2000-01-01T00:00:00Z", "since"),
        ("/audit?cursor=x", "cursor"),
        ("/commands?status=x", "status"),
    ],
)
async def test_bad_queries_name_the_parameter(api: Api, path: str, field: str) -> None:
    status, body = await api.call("GET", IN + path)
    assert status == 400
    assert body["error"]["details"]["field"] == field


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "action"),
        ({"action": "explode"}, "action"),
        ({"action": "cancel_task", "engine": "celery"}, "task_id"),
        ({"action": "cancel_task", "engine": "celery", "task_id": 5}, "task_id"),
        ({"action": "cancel_task", "parameters": []}, "parameters"),
        ({"action": "cancel_task", "timeout_seconds": 0}, "timeout_seconds"),
        ({"action": "cancel_task", "surprise": 1}, "surprise"),
    ],
)
async def test_bad_orders_name_the_field(api: Api, body: Any, field: str) -> None:
    status, answer = await api.call("POST", f"{IN}/commands", json=body)
    assert status == 400, answer
    assert answer["error"]["details"]["field"] == field


HOSTILE = [
    "'; DROP TABLE tasks;--",
    "<script>alert(1)</script>",
    "\0",
    "%00",
    "\u202e\U0001f600",
    "../" * 9,
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_only_text(api: Api, text: str) -> None:
    for name in ("name", "engine", "queue", "worker", "q", "cursor", "since", "state"):
        status, _ = await api.call("GET", f"{IN}/tasks", params={name: text})
        assert status in (200, 400), (name, text)
    for path in (f"/projects/{text}", f"{IN}/tasks/{text}/{text}", f"{IN}/commands/{text}"):
        status, body = await api.call("GET", quote(path, safe="/"))
        assert status in (400, 404) or body is None, (path, status)  # `/` is a page
    status, _ = await api.call("POST", f"{IN}/agents", json={"name": text})
    assert status in (201, 400)
    status, body = await api.call("GET", f"{IN}/tasks", "viewer")
    assert (status, len(body["tasks"])) == (200, 2)


async def test_workers_are_found_by_whatever_their_deployment_is_called(api: Api) -> None:
    said = {"engines": ["e" * 40] * 60, "host": {"name": 'a\n\1"<b>' + "h" * 60}}
    async with api.brain.agent("odd", **said):
        path = "/projects/default/workers"

        async def deployment() -> str | None:
            _, answer = await api.call("GET", path, params={"text": "odd"})
            return next((each["deployment"] for each in answer["workers"]), None)

        name = await eventually(deployment)
        _, answer = await api.call("GET", path, params={"deployment": name})
        assert [each["worker_id"] for each in answer["workers"]] == ["odd"]


async def test_bodies_have_limits(api: Api) -> None:
    for data, expected in (
        (io.BytesIO(b"x" * 10_000_000), 413),
        (b"[" * 5_000 + b"]" * 5_000, 400),
        (b'{"name": "\xff"}', 400),
        (b'{"name": NaN}', 400),
        (b"[]", 400),
        (b"", 400),
    ):
        headers = {"Content-Type": "application/json"}
        status, body = await api.call("POST", f"{IN}/agents", data=data, headers=headers)
        assert status == expected, (data, status)
        assert body["error"]["message"]


async def test_unknown_paths_and_methods_answer_as_json(api: Api) -> None:
    assert (await api.call("GET", "/nonsense"))[0] == 404
    status, body = await api.call("PUT", IN)
    assert (status, body["error"]["code"]) == (405, "method_not_allowed")


async def test_the_audit_says_who_did_what_from_where(api: Api) -> None:
    minted = (await api.call("POST", f"{IN}/agents", json={"name": "web"}))[1]
    path = f"{IN}/audit?actor=key&kind=agent&since=2026-01-01T00:00:00Z"
    (entry,) = (await api.call("GET", path))[1]["entries"]
    assert entry["stream"] == f"agent:{minted['agent']['id']}"
    assert entry["actor"].startswith("key:")
    assert entry["address"] == "127.0.0.1"
    assert (await api.call("GET", f"{IN}/audit?actor=user"))[1]["entries"] == []


async def test_the_last_page_of_the_audit_points_to_no_other(api: Api) -> None:
    entries = (await api.call("GET", f"{IN}/audit"))[1]["entries"]
    assert entries
    page = f"{IN}/audit?limit=1"
    for place, entry in enumerate(entries, 1):
        body = (await api.call("GET", page))[1]
        assert body["entries"] == [entry]
        assert (body["next_cursor"] is None) == (place == len(entries))
        page = f"{IN}/audit?limit=1&cursor={body['next_cursor']}"


async def test_no_secret_is_ever_listed(api: Api) -> None:
    minted = (await api.call("POST", f"{IN}/agents", json={"name": "web"}))[1]
    for path in (f"{IN}/agents", f"{IN}/audit"):
        headers = {"Authorization": f"Bearer {api.keys['admin']}"}
        async with api.http.get(f"{api.brain.url}/api/v1{path}", headers=headers) as answer:
            text = await answer.text()
        assert minted["token"] not in text
        assert minted["hmac_secret"] not in text
        assert "token_hash" not in text
        assert "key_hash" not in text


async def test_guessing_keys_is_slowed_down(api: Api) -> None:
    statuses = []
    for number in range(40):
        headers = {"Authorization": f"Bearer guess{number}"}
        async with api.http.get(f"{api.brain.url}/api/v1/me", headers=headers) as answer:
            statuses.append(answer.status)
    assert statuses[0] == 401
    assert statuses[-1] == 429


async def test_every_answer_has_security_headers(api: Api) -> None:
    for path in ("/", "/api/v1/health", "/api/v1/me", "/nonsense"):
        async with api.http.get(api.brain.url + path) as answer:
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


async def test_a_command_over_http_reaches_its_worker_and_comes_back(api: Api) -> None:
    async with api.brain.agent() as agent:
        status, issued = await api.call("POST", f"{IN}/commands", "operator", **ORDER)
        assert (status, issued["status"]) == (202, "issued")
        command = await agent.command()
        assert command["id"] == issued["id"]
        assert command["payload"]["parameters"] == {"engine": "celery", "task_id": "t1"}
        await agent.answer(command, result={"terminated": True})
        await agent.send_events(*wire_run("after", at=api.brain.now()))
        await agent.ack()
        await api.brain.container.dispatcher().drain()
        _, ended = await api.call("GET", f"{IN}/commands/{issued['id']}", "viewer")
        assert (ended["status"], ended["result"]) == ("succeeded", {"terminated": True})


async def test_a_purge_is_confirmed_with_the_last_depth(api: Api) -> None:
    order = {"json": {"action": "purge_queue", "engine": "celery", "parameters": {"queue": "mail"}}}
    async with api.brain.agent() as agent:
        status, refused = await api.call("POST", f"{IN}/commands", "operator", **order)
        assert (status, "depth" in refused["error"]["message"]) == (409, True)
        measured = event(
            "queue.depth_report", "", engine="celery", project_id=api.brain.project.id,
            at=api.brain.now(), queue="mail", depth=7,
        )  # fmt: skip
        await api.brain.container.event_store().append(Batch((measured,)))
        status, issued = await api.call("POST", f"{IN}/commands", "operator", **order)
        assert (status, "7" in issued["advice"][0]) == (202, True)
        command = await agent.command()
        signer = api.brain.container.keyring().signer(api.brain.project.id)
        token = command["payload"]["parameters"]["confirm_token"]
        assert token == signer.purge_token("mail", 7)


async def test_a_project_at_a_glance(api: Api) -> None:
    status, overview = await api.call("GET", f"{IN}/overview", "viewer")
    assert status == 200
    assert set(overview) == {
        "throughput_per_second", "failure_share", "run_p95_ms", "wait_p95_ms", "backlog",
        "backlog_growth_per_minute", "workers", "attention",
    }  # fmt: skip
    assert (overview["workers"]["online"], overview["attention"]) == (0, [])


async def test_a_task_whose_worker_left_is_marked(api: Api) -> None:
    project, now = api.brain.project.id, api.brain.now()
    left = now - 120 * SECOND
    live = replace(live_session(at=left - SECOND), project_id=project)
    gone = session_entries.closed(
        live.session_id, project, live.slot, reason="connection lost", at=left, actor="test"
    )
    journal = api.brain.container.journal()
    await journal.append(session_entries.write(live.session_id, session_entries.opened(live)))
    await journal.append(session_entries.write(live.session_id, gone))
    begun = event("task.started", "t9", at=left - 5 * SECOND, project_id=project, worker="bare-1-1")
    await api.brain.container.event_store().append(Batch((begun,)))

    _, task = await api.call("GET", f"{IN}/tasks/huey/t9", "viewer")
    assert parse_instant(task["lost_since"]) == left
    _, listed = await api.call("GET", f"{IN}/tasks", "viewer")
    assert [each["task_id"] for each in listed["tasks"] if each["lost_since"]] == ["t9"]
    _, workers = await api.call("GET", f"{IN}/workers", "viewer")
    assert [each["lost_since"] for each in workers["running_elsewhere"]] == [task["lost_since"]]
    _, overview = await api.call("GET", f"{IN}/overview", "viewer")
    assert [each["kind"] for each in overview["attention"]] == ["no_workers", "tasks_lost"]
