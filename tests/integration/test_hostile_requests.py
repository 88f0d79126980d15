"""Hostile requests get a clear refusal: never a failure, never a page, nothing stored that is wrong."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
import pytest
from yarl import URL

from taskdeck.domain.access import Role
from taskdeck.domain.batching import Batch

from ..builders import run_of
from .brain import Brain, running_brain
from .hostile import BODIES, CONNECTIONS, CURSORS, PATHS, TEXTS, VALUES
from .people import Person, quick_passwords, robot

pytestmark = pytest.mark.timeout(300)

JSON = {"Content-Type": "application/json"}
MEGABYTES = b" " * 10_000_000


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    """With names in braces."""
    declared: Any

    @property
    def query(self) -> list[str]:
        return [each["name"] for each in self.declared["parameters"] if each["in"] == "query"]

    @property
    def names(self) -> list[str]:
        return [each["name"] for each in self.declared["parameters"] if each["in"] == "path"]

    @property
    def body(self) -> Any:
        """The schema of the body, or None."""
        body = self.declared.get("requestBody")
        return None if body is None else body["content"]["application/json"]["schema"]

    def target(self, **names: str) -> str:
        """The path with these parts, and likely ones for the others."""
        likely = {"slug": "default", "engine": "huey", "task_id": "t1", **names}
        parts = {name: quote(likely.get(name, "none"), safe="") for name in self.names}
        return self.path.format(**parts)


@dataclass(frozen=True)
class Site:
    brain: Brain
    admin: Person
    operations: list[Operation]

    async def refused(self, method: str, target: str, **request: Any) -> int:
        """The status, after all that must hold for any answer of the API."""
        url = URL(f"{self.brain.url}/api/v1{target}", encoded=True)
        headers = {**self.admin.headers, **request.pop("headers", {})}
        async with self.admin.http.request(method, url, headers=headers, **request) as answer:
            said = await answer.read()
            assert answer.status < 500, (method, target[:200], said[:500])
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "taskdeck=stolen" not in answer.headers.get("Set-Cookie", "")
            if said:
                assert answer.content_type in ("application/json", *MEDIA), target
            if answer.status >= 400:
                error = json.loads(said)["error"]
                assert all((error["code"], error["message"])), (method, target)
                assert len(said) < 20_000, (method, target)
            return answer.status


MEDIA = ("text/csv", "application/x-ndjson")


@pytest.fixture
async def site(tmp_path: Path, database_url: str | None) -> AsyncIterator[Site]:
    place = {"overrides": quick_passwords, "database_url": database_url, "api_rate": 100_000}
    async with running_brain(tmp_path, **place) as brain:
        facts = run_of("t1", at=brain.now(), project_id=brain.project.id)
        await brain.container.event_store().append(Batch(tuple(facts)))
        admin = await robot(brain, Role.ADMIN)
        _, document = await admin.call("GET", "/openapi.json")
        found = [
            Operation(method.upper(), path, declared)
            for path, operations in document["paths"].items()
            for method, declared in operations.items()
        ]
        yield Site(brain, admin, found)
        await admin.http.close()


async def test_query_parameters(site: Site) -> None:
    for operation in site.operations:
        for name in operation.query:
            for text in TEXTS.values():
                said = f"{operation.target()}?{name}={quote(text, safe='')}"
                body = {} if operation.body is None else {"data": b"{}", "headers": JSON}
                await site.refused(operation.method, said, **body)


async def test_cursors_that_nobody_was_given(site: Site) -> None:
    for operation in site.operations:
        if "cursor" in operation.query:
            for cursor in CURSORS:
                await site.refused(operation.method, f"{operation.target()}?cursor={cursor}")


async def test_parts_of_paths(site: Site) -> None:
    for operation in site.operations:
        for name in operation.names:
            for what, text in TEXTS.items():
                target = operation.target(**{name: text})
                body = {} if operation.body is None else {"data": b"{}", "headers": JSON}
                status = await site.refused(operation.method, target, **body)
                assert status >= 400, (operation, what)


async def test_fields_of_bodies(site: Site) -> None:
    before = await what_is_there(site)
    for operation, good in writable(site):
        for name in operation.body["properties"]:
            for value in [*TEXTS.values(), *VALUES.values()]:
                await site.refused(
                    operation.method,
                    operation.target(),
                    data=json.dumps({**good, name: value}),
                    headers=JSON,
                )
    after = await what_is_there(site)
    for kind, rows in after.items():
        for row in rows:
            for value in map(str, row.values()):
                assert value.isprintable(), (kind, row)
    assert after["tasks"] == before["tasks"]
    assert after["users"][: len(before["users"])] == before["users"]


def writable(site: Site) -> Iterator[tuple[Operation, dict[str, Any]]]:
    """Operations with a body, and one that would do."""
    for operation in site.operations:
        if operation.body is not None:
            good = {
                "name": "web", "slug": "other", "username": "anna", "action": "cancel_task",
                "password": "correct horse", "role": "viewer", "current": "x" * 12,
                "new": "y" * 12, "token": "none", "engine": "huey", "task_id": "t1",
            }  # fmt: skip
            declared = operation.body["properties"]
            yield operation, {name: value for name, value in good.items() if name in declared}


async def what_is_there(site: Site) -> dict[str, Any]:
    found = {}
    for kind, path in (
        ("tasks", "/projects/default/tasks"),
        ("agents", "/projects/default/agents"),
        ("projects", "/projects"),
        ("users", "/users"),
        ("keys", "/keys"),
    ):
        status, body = await site.admin.call("GET", path)
        assert status == 200
        found[kind] = body[kind]
    return found


async def test_bodies_that_are_no_objects(site: Site) -> None:
    for operation in site.operations:
        if operation.body is None:
            continue
        for what, wire in BODIES.items():
            status = await site.refused(
                operation.method, operation.target(), data=wire, headers=JSON
            )
            assert status >= 400, (operation.path, what)


async def test_bodies_that_are_too_large(site: Site) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield MEGABYTES[:1_000_000]

    for operation in site.operations:
        if operation.body is None:
            continue
        for data, refused in (
            (io.BytesIO(MEGABYTES), (413, "too_large")),
            (chunks(), (411, "length_required")),
        ):
            target = operation.target()
            async with aiohttp.ClientSession(headers=site.admin.headers) as http:
                url = f"{site.brain.url}/api/v1{target}"
                try:
                    request = http.request(operation.method, url, data=data, headers=JSON)
                    async with request as answer:
                        body = await answer.json()
                except aiohttp.ClientConnectionError:
                    # The brain hangs up on who keeps sending; often before the answer is read.
                    continue
                assert (answer.status, body["error"]["code"]) == refused, target


@pytest.mark.parametrize("database_url", [None])
async def test_connections_that_lie(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    for what, wire in CONNECTIONS.items():
        said = await over_a_socket(site.brain, wire)
        assert len(re.findall(rb"HTTP/1\.[01] \d", said)) <= 1, (what, said)
        if said:
            assert said.split(b" ")[1].startswith(b"4"), (what, said)
        assert b"<html" not in said.lower(), what
    assert await site.refused("GET", "/health") == 200
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("database_url", [None])
async def test_paths_that_lead_elsewhere(site: Site) -> None:
    key = site.admin.headers["Authorization"]
    for path in PATHS:
        head = f"GET {path} HTTP/1.1\r\nHost: brain\r\nConnection: close\r\nAuthorization: {key}"
        said = await over_a_socket(site.brain, f"{head}\r\n\r\n".encode())
        assert said.split(b" ")[1].startswith(b"4"), (path, said)
        assert b"root:" not in said
        assert b"import" not in said


async def over_a_socket(brain: Brain, wire: bytes) -> bytes:
    """All that the brain says until it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(brain.url).port)
    try:
        async with asyncio.timeout(30):
            try:
                writer.write(wire)
                return await reader.read()
            except ConnectionError:
                return b""
    finally:
        writer.close()
