"""The live feed as a browser or a script reads it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from taskdeck.domain.access import Role
from taskdeck.entrypoints import dashboards_ws
from taskdeck.entrypoints.http import identify
from taskdeck.entrypoints.http.throttle import BucketLimits, TokenBuckets

from ..agent_client import wire_event, wire_run
from .brain import Brain, running_brain
from .people import quick_passwords, robot, somebody


@pytest.fixture
async def brain(tmp_path: Path) -> AsyncIterator[Brain]:
    async with running_brain(tmp_path) as running:
        yield running


async def key_of(brain: Brain) -> str:
    created = await brain.container.keys().create("reader", Role.VIEWER, "test")
    key: str = created.key
    return key


@asynccontextmanager
async def dashboard(
    brain: Brain, key: str | None = None, **headers: str
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    headers = {"Authorization": f"Bearer {key or await key_of(brain)}", **headers}
    async with aiohttp.ClientSession(headers=headers) as http:
        async with http.ws_connect(f"{brain.url}/ws/dashboard") as socket:
            yield socket


async def hear(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await socket.receive_str(timeout=50))
    return message


SUBSCRIBE = {"subscribe": {"project": "default"}}


async def test_a_task_shows_as_it_happens(brain: Brain) -> None:
    async with dashboard(brain) as socket, brain.agent() as agent:
        await socket.send_json(SUBSCRIBE)
        snapshot = await hear(socket)
        assert (snapshot["type"], snapshot["topics"]["tasks"]["tasks"]) == ("snapshot", [])
        await agent.send_events(*wire_run("t1", at=brain.now()))
        version = snapshot["version"]
        while True:
            delta = await hear(socket)
            version += 1
            assert (delta["type"], delta["version"]) == ("delta", version)
            tasks = delta["topics"].get("tasks", {}).get("tasks", [])
            if tasks:
                break
        assert [(task["task_id"], task["state"]) for task in tasks] == [("t1", "succeeded")]


async def test_whoever_wants_no_rows_hears_that_tasks_changed(brain: Brain) -> None:
    wanted = {"project": "default", "topics": ["tasks", "commands"], "rows": False}
    async with dashboard(brain) as socket, brain.agent() as agent:
        await socket.send_json({"subscribe": wanted})
        changed = {"changed": True}
        assert (await hear(socket))["topics"] == {"tasks": changed, "commands": changed}
        await agent.send_events(*wire_run("t1", at=brain.now()))
        assert (await hear(socket))["topics"] == {"tasks": changed}


async def test_a_list_goes_on_behind_the_rows_of_a_snapshot(brain: Brain) -> None:
    async with dashboard(brain) as socket, brain.agent() as agent:
        at = brain.now()
        for first in range(0, 150, 50):
            tasks = range(first, first + 50)
            await agent.send_events(*(wire_event("task.started", f"t{n}", at=at) for n in tasks))
            await agent.ack()
        await socket.send_json(SUBSCRIBE)
        told = (await hear(socket))["topics"]["tasks"]
        shown = [task["task_id"] for task in told["tasks"]]
        headers = {"Authorization": f"Bearer {await key_of(brain)}"}
        query = {"cursor": told["next_cursor"], "limit": "500"}
        url = f"{brain.url}/api/v1/projects/default/tasks"
        async with aiohttp.ClientSession(headers=headers) as http:
            async with http.get(url, params=query) as answer:
                shown += [task["task_id"] for task in (await answer.json())["tasks"]]
    assert sorted(shown) == sorted(f"t{number}" for number in range(150))


async def test_without_a_key_there_is_no_socket(brain: Brain) -> None:
    for key in ("wrong", "x" * 300):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with dashboard(brain, key):
                pass
        assert refused.value.status == 401


async def test_pages_of_other_origins_are_refused(brain: Brain) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with dashboard(brain, Origin="https://evil.example"):
            pass
    assert refused.value.status == 403
    async with dashboard(brain, Origin=brain.url) as socket:
        await socket.send_json({"ping": 1})
        assert await hear(socket) == {"type": "pong"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("nonsense", "invalid_input"),
        ("{}", "invalid_input"),
        ('{"subscribe": {"project": 5}}', "invalid_input"),
        ('{"subscribe": {"project": "nowhere"}}', "not_found"),
        ("[" * 2_000, "invalid_input"),
        ('{"subscribe": "default"}', "invalid_input"),
        ('{"subscribe": {"project": "default", "topics": "tasks"}}', "invalid_input"),
        ('{"subscribe": {"project": "default", "topics": ["tasks", "tusks"]}}', "invalid_input"),
        ('{"subscribe": {"project": "default", "topics": [[]]}}', "invalid_input"),
        ('{"subscribe": {"project": "default", "rows": 1}}', "invalid_input"),
        ('{"subscribe": {"project": "default", "rowz": true}}', "invalid_input"),
    ],
)
async def test_what_cannot_be_understood_is_answered(brain: Brain, said: str, code: str) -> None:
    async with dashboard(brain) as socket:
        await socket.send_str(said)
        assert (await hear(socket))["code"] == code
        await socket.send_json(SUBSCRIBE)
        assert (await hear(socket))["type"] == "snapshot"


async def test_a_message_that_is_too_large_ends_the_socket(brain: Brain) -> None:
    async with dashboard(brain) as socket:
        await socket.send_str("x" * 5_000)
        assert (await socket.receive(timeout=50)).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == 1009


async def test_subscribing_again_gives_a_new_snapshot(brain: Brain) -> None:
    async with dashboard(brain) as socket:
        for _ in range(3):
            await socket.send_json(SUBSCRIBE)
            assert (await hear(socket))["type"] == "snapshot"


async def test_a_brain_stops_though_dashboards_look(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as http:
        async with running_brain(tmp_path) as brain:
            headers = {"Authorization": f"Bearer {await key_of(brain)}"}
            socket = await http.ws_connect(f"{brain.url}/ws/dashboard", headers=headers)
            await socket.send_json(SUBSCRIBE)
            await hear(socket)
        assert (await socket.receive(timeout=50)).type in (
            aiohttp.WSMsgType.CLOSE,
            aiohttp.WSMsgType.CLOSED,
        )


async def closed_with(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    while (await socket.receive(timeout=50)).type is aiohttp.WSMsgType.TEXT:
        pass
    return socket.close_code


async def test_a_flood_of_messages_ends_the_socket(brain: Brain) -> None:
    async with dashboard(brain) as socket, dashboard(brain) as other:
        for _ in range(dashboards_ws.MOST_MESSAGES + 1):
            await socket.send_json(SUBSCRIBE)
        assert await closed_with(socket) == 1008
        await other.send_json({"ping": 1})
        assert await hear(other) == {"type": "pong"}


async def test_nobody_takes_all_sockets(brain: Brain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboards_ws, "MOST_SOCKETS", 2)
    key = await key_of(brain)
    async with dashboard(brain, key), dashboard(brain, key):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with dashboard(brain, key):
                pass
        assert refused.value.status == 429
        async with dashboard(brain):
            pass


async def test_a_key_of_one_project_hears_nothing_of_another(brain: Brain) -> None:
    other = await brain.container.projects().create("other", "Other", "test")
    keyholder = await robot(brain, Role.ADMIN, other)
    key = keyholder.headers["Authorization"].removeprefix("Bearer ")
    await keyholder.http.close()
    async with dashboard(brain, key) as socket, brain.agent() as agent:
        await socket.send_json(SUBSCRIBE)
        answer = await hear(socket)
        assert (answer["type"], answer["code"]) == ("error", "not_found")
        await socket.send_json({"subscribe": {"project": "other"}})
        assert (await hear(socket))["project"] == "other"
        await agent.send_events(wire_event("task.started", at=brain.now()))
        await agent.ack()
        await socket.send_json({"ping": 1})
        assert await hear(socket) == {"type": "pong"}


@pytest.mark.parametrize(("lost", "code"), [("role", 4403), ("login", 4401)])
async def test_whoever_loses_the_right_to_look_is_shown_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str, code: int
) -> None:
    monkeypatch.setattr(dashboards_ws, "RIGHTS_SECONDS", 0.05)
    async with running_brain(tmp_path, overrides=quick_passwords) as brain:
        anna = await somebody(brain, "anna", {"default": Role.VIEWER})
        assert anna.user is not None
        try:
            async with anna.http.ws_connect(
                f"{brain.url}/ws/dashboard", headers={"Origin": brain.url}
            ) as socket:
                await socket.send_json(SUBSCRIBE)
                assert (await hear(socket))["type"] == "snapshot"
                users = brain.container.users()
                if lost == "role":
                    await users.withdraw(brain.project, anna.user.id, "test")
                else:
                    await users.disable(anna.user.id, "test")
                assert await closed_with(socket) == code
        finally:
            await anna.http.close()


async def test_nobody_stays_by_being_throttled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def patient(limits: BucketLimits | None = None) -> TokenBuckets:
        return TokenBuckets(limits or BucketLimits(refill_seconds=3_600))

    monkeypatch.setattr(identify, "TokenBuckets", patient)
    monkeypatch.setattr(dashboards_ws, "RIGHTS_SECONDS", 2)
    async with running_brain(tmp_path, overrides=quick_passwords) as brain:
        anna = await somebody(brain, "anna", {"default": Role.VIEWER})
        assert anna.user is not None
        url = f"{brain.url}/ws/dashboard"
        async with anna.http, anna.http.ws_connect(url, headers={"Origin": brain.url}) as socket:
            await socket.send_json(SUBSCRIBE)
            assert (await hear(socket))["type"] == "snapshot"
            await brain.container.users().disable(anna.user.id, "test")
            while (await anna.call("GET", "/me"))[0] != 429:
                """The address may fail some times more."""
            assert await closed_with(socket) == dashboards_ws.LOGGED_OUT
