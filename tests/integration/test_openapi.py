"""The document tells of what is served, and all that is served keeps to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import unused_port

from taskdeck.domain.access import Role
from taskdeck.entrypoints.link_wheel import LinkWheel
from taskdeck.entrypoints.web import build_app

from .brain import Brain, running_brain
from .people import Person, robot

PROMISED = """
/health /ready /login /logout /me /projects /projects/{slug} /projects/{slug}/agents
/projects/{slug}/agents/{id} /projects/{slug}/workers /projects/{slug}/queues
/projects/{slug}/stats /projects/{slug}/events /projects/{slug}/audit
/projects/{slug}/tasks /projects/{slug}/tasks/{engine}/{task_id} /projects/{slug}/commands
/projects/{slug}/commands/{id}
"""


@pytest.fixture
async def brain(tmp_path: Path) -> AsyncIterator[Brain]:
    async with running_brain(tmp_path) as running:
        yield running


@pytest.fixture
async def admin(brain: Brain) -> AsyncIterator[Person]:
    person = await robot(brain, Role.ADMIN)
    yield person
    await person.http.close()


@pytest.fixture
async def document(admin: Person) -> Any:
    status, body = await admin.call("GET", "/openapi.json")
    assert status == 200
    return body


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield method.upper(), path, operation


async def test_all_that_is_served_is_declared(brain: Brain, document: Any) -> None:
    app = build_app(brain.container, LinkWheel(brain.container.clock()))
    served = {
        (route.method, route.resource.canonical.removeprefix("/api/v1"))
        for route in app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/api/")
    }
    assert served == {(method, path) for method, path, _ in operations(document)}


async def test_what_was_promised_is_there(document: Any) -> None:
    assert set(PROMISED.split()) <= set(document["paths"])


async def test_every_operation_has_a_name_of_its_own(document: Any) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)


async def test_parameters_that_are_not_declared_are_refused(admin: Person, document: Any) -> None:
    for method, path, _ in operations(document):
        target = path.replace("{slug}", "default").replace("{", "").replace("}", "")
        request: dict[str, Any] = {"json": {}} if method in ("POST", "PUT", "PATCH") else {}
        status, body = await admin.call(method, f"{target}?wrong=1", **request)
        assert (status, body["error"]["details"].get("field")) == (400, "wrong"), (method, path)


async def test_bodies_are_json(admin: Person, document: Any) -> None:
    for method, path, operation in operations(document):
        if "requestBody" in operation:
            target = path.replace("{slug}", "default").replace("{", "").replace("}", "")
            status, body = await admin.call(method, target, data={"name": "web"})
            assert (status, body["error"]["code"]) == (415, "unsupported_media_type"), path


async def test_304_is_declared_where_it_is_answered(admin: Person, document: Any) -> None:
    seen = set()
    for method, path, operation in operations(document):
        if method != "GET" or path.count("{") > path.count("{slug}"):
            continue
        async with await admin.ask("GET", path.replace("{slug}", "default")) as answer:
            if answer.status == 200:
                assert ("ETag" in answer.headers) == ("304" in operation["responses"]), path
                seen.add("ETag" in answer.headers)
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("url", "prefix"), [(None, "taskdeck-"), ("https://brain.test", "__Host-taskdeck-")]
)
async def test_the_cookie_has_the_name_that_browsers_keep(
    tmp_path: Path, url: str | None, prefix: str
) -> None:
    port = unused_port()
    async with (
        running_brain(tmp_path, bind_port=port, public_url=url),
        ClientSession() as http,
        http.get(f"http://127.0.0.1:{port}/api/v1/openapi.json") as answer,
    ):
        document = await answer.json()
    assert document["components"]["securitySchemes"]["session"]["name"].startswith(prefix)
