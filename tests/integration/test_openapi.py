"""The document tells of what is served, and all that is served keeps to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

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
