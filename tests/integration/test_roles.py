"""Every path times everybody: who may, who may not, and to whom it does not exist."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from taskdeck.domain.access import Project, Role
from taskdeck.domain.batching import Batch

from ..builders import run_of
from .brain import Brain, running_brain
from .people import Person, browser, make_user, quick_passwords, robot, somebody

IN = "/projects/{slug}"
OPEN, KNOWN, INSTANCE = "open", "known", "instance"
VIEWER, OPERATOR, ADMIN = Role.VIEWER, Role.OPERATOR, Role.ADMIN
ORDER = {"json": {"action": "cancel_task", "engine": "celery", "task_id": "t1"}}
BULK = {"json": {"action": "retry_task", "query": "name:nothing"}}
RUNS = {"engine": "huey", "name": "shop.pay"}
BOOKMARK = {"json": {"search": "state=failed"}}
AGENT = {"json": {"name": "web"}}
KEY = {"json": {"name": "ci", "role": "viewer", "project": "default"}}
Row: TypeAlias = tuple[str, str, dict[str, str], dict[str, Any], str, tuple[int, ...]]
ROWS: list[Row] = [
    ("GET", "/openapi.json", {}, {}, OPEN, (200,)),
    ("GET", "/health", {}, {}, OPEN, (200,)),
    ("GET", "/ready", {}, {}, OPEN, (200,)),
    ("GET", "/setup", {}, {}, OPEN, (200,)),
    ("GET", "/retention", {}, {}, KNOWN, (200,)),
    ("POST", "/setup", {}, {"json": {}}, OPEN, (400,)),
    ("POST", "/login", {}, {"json": {}}, OPEN, (400,)),
    ("GET", "/me", {}, {}, KNOWN, (200,)),
    ("POST", "/me/password", {}, {"json": {}}, KNOWN, (400, 403)),
    ("GET", "/users", {}, {}, INSTANCE, (200,)),
    ("POST", "/users", {}, {"json": {"username": "x"}}, INSTANCE, (400,)),
    ("PATCH", "/users/{user_id}", {"user_id": "nobody"}, {"json": {}}, INSTANCE, (404,)),
    ("GET", "/audit", {}, {}, INSTANCE, (200,)),
    ("GET", "/audit/export", {}, {}, INSTANCE, (200,)),
    ("GET", "/keys", {}, {}, KNOWN, (200,)),
    ("POST", "/keys", {}, KEY, ADMIN, (201,)),
    ("DELETE", "/keys/{id}", {"id": "none"}, {}, KNOWN, (404,)),
    ("GET", "/projects", {}, {}, KNOWN, (200,)),
    ("POST", "/projects", {}, {"json": {"slug": "new", "name": "New"}}, INSTANCE, (201, 409)),
    ("GET", IN, {}, {}, VIEWER, (200,)),
    ("PATCH", IN, {}, {"json": {"name": "Default"}}, ADMIN, (200,)),
    ("GET", f"{IN}/members", {}, {}, ADMIN, (200,)),
    ("PUT", f"{IN}/members/{{user_id}}", {}, {"json": {"role": "viewer"}}, ADMIN, (200,)),
    ("DELETE", f"{IN}/members/{{user_id}}", {}, {}, ADMIN, (204, 404)),
    ("GET", f"{IN}/agents", {}, {}, VIEWER, (200,)),
    ("POST", f"{IN}/agents", {}, AGENT, ADMIN, (201,)),
    ("POST", f"{IN}/agents/{{id}}/tokens", {}, {}, ADMIN, (201,)),
    ("DELETE", f"{IN}/agents/{{id}}", {"id": "nobody"}, {}, ADMIN, (404,)),
    ("GET", f"{IN}/tasks", {}, {}, VIEWER, (200,)),
    ("GET", f"{IN}/tasks/export", {}, {}, VIEWER, (200,)),
    ("GET", f"{IN}/tasks/{{engine}}/{{task_id}}", {}, {}, VIEWER, (200,)),
    ("GET", f"{IN}/tasks/{{engine}}", {}, {"params": {"task_id": "t1"}}, VIEWER, (200,)),
    ("GET", f"{IN}/failures", {}, {}, VIEWER, (200,)),
    ("GET", f"{IN}/overview", {}, {}, VIEWER, (200,)),
    ("GET", f"{IN}/workers", {}, {}, VIEWER, (200,)),
    ("GET", f"{IN}/queues", {}, {}, VIEWER, (200,)),
    ("GET", f"{IN}/stats", {}, {}, VIEWER, (200,)),
    ("GET", f"{IN}/stats/runs", {}, {"params": RUNS}, VIEWER, (200,)),
    ("GET", f"{IN}/events", {}, {}, VIEWER, (200,)),
    ("GET", f"{IN}/audit", {}, {}, ADMIN, (200,)),
    ("GET", f"{IN}/audit/export", {}, {}, ADMIN, (200,)),
    ("GET", f"{IN}/commands", {}, {}, VIEWER, (200,)),
    ("POST", f"{IN}/commands", {}, ORDER, OPERATOR, (202,)),
    ("GET", f"{IN}/commands/{{id}}", {"id": "none"}, {}, VIEWER, (404,)),
    ("POST", f"{IN}/commands/{{id}}/cancel", {"id": "none"}, {}, OPERATOR, (404,)),
    ("GET", f"{IN}/bookmarks", {}, {}, VIEWER, (200,)),
    ("PUT", f"{IN}/bookmarks/{{name}}", {}, BOOKMARK, VIEWER, (200, 403)),
    ("DELETE", f"{IN}/bookmarks/{{name}}", {}, {}, VIEWER, (204, 403)),
    ("GET", f"{IN}/bulk", {}, {}, VIEWER, (200,)),
    ("POST", f"{IN}/bulk", {}, BULK, OPERATOR, (409,)),
    ("POST", f"{IN}/bulk/preview", {}, BULK, VIEWER, (200,)),
    ("GET", f"{IN}/bulk/{{id}}", {"id": "none"}, {}, VIEWER, (404,)),
    ("GET", f"{IN}/bulk/{{id}}/items", {"id": "none"}, {}, VIEWER, (404,)),
    ("POST", f"{IN}/bulk/{{id}}/pause", {"id": "none"}, {}, OPERATOR, (404,)),
    ("POST", f"{IN}/bulk/{{id}}/resume", {"id": "none"}, {}, OPERATOR, (404,)),
    ("POST", f"{IN}/bulk/{{id}}/cancel", {"id": "none"}, {}, OPERATOR, (404,)),
    # The last one, because it takes sessions away.
    ("POST", "/logout", {}, {}, KNOWN, (204,)),
]

LOOKS_FURTHER = {("POST", "/keys"): "admin"}
"""Paths whose handler asks for more than the gate: a role in the project of the body."""

Standing: TypeAlias = tuple[Person, Role | None, bool]
"""Somebody, their role in `default`, and whether they administer the installation."""


@pytest.fixture
async def brain(tmp_path: Path, database_url: str | None) -> AsyncIterator[Brain]:
    place = {"overrides": quick_passwords, "database_url": database_url}
    async with running_brain(tmp_path, **place) as brain:
        await brain.container.projects().create("other", "Other", "test")
        facts = run_of("t1", at=brain.now(), project_id=brain.project.id)
        await brain.container.event_store().append(Batch(tuple(facts)))
        yield brain


@pytest.fixture
async def everybody(brain: Brain) -> AsyncIterator[Mapping[str, Standing]]:
    other = await brain.container.projects().one("other")
    found: dict[str, Standing] = {
        "boss": (await somebody(brain, "boss", admin=True), ADMIN, True),
        "stranger": (await somebody(brain, "stranger"), None, False),
        "admin elsewhere": (await somebody(brain, "elsewhere", {"other": ADMIN}), None, False),
        "key elsewhere": (await robot(brain, ADMIN, other), None, False),
        "key everywhere": (await robot(brain, VIEWER), VIEWER, False),
        "key of the installation": (await robot(brain, ADMIN), ADMIN, True),
    }
    for role in Role:
        person = await somebody(brain, role.value, {"default": role, "other": VIEWER})
        found[role.value] = (person, role, False)
        found[f"{role} key"] = (await robot(brain, role, brain.project), role, False)
    yield found
    await asyncio.gather(*(person.http.close() for person, _, _ in found.values()))


async def test_every_path_has_a_row(brain: Brain) -> None:
    """And each row repeats who may, so that nobody opens a path by a slip."""
    declared = {
        (method.upper(), path): LOOKS_FURTHER.get((method.upper(), path), operation["x-needs"])
        for path, operations in (await document_of(brain))["paths"].items()
        for method, operation in operations.items()
    }
    assert declared == {(method, path): str(needed) for method, path, _, _, needed, _ in ROWS}


async def document_of(brain: Brain) -> Any:
    unknown = browser(brain)
    _, document = await unknown.call("GET", "/openapi.json")
    await unknown.http.close()
    return document


async def test_every_path_times_everybody(brain: Brain, everybody: Mapping[str, Standing]) -> None:
    spare = await make_user(brain, "spare")
    unknown = browser(brain)
    for method, template, names, request, needed, expected in ROWS:
        given = {
            "slug": "default", "user_id": spare.id, "id": brain.minted.agent.id,
            "engine": "huey", "task_id": "t1", "name": "Mine", **names,
        }  # fmt: skip
        path = template.format(**given)
        status, _ = await unknown.call(method, path, **request)
        assert status in (expected if needed == OPEN else (401,)), (method, path, status)
        for who, (person, role, instance) in everybody.items():
            status, body = await person.call(method, path, **request)
            allowed = _allowed(needed, role, instance=instance)
            assert status in (expected if allowed is None else (allowed,)), (
                method, path, who, status, body,
            )  # fmt: skip
    await unknown.http.close()


def _allowed(needed: str, role: Role | None, *, instance: bool) -> int | None:
    """None if it is, else the status that says no."""
    if needed in (OPEN, KNOWN):
        return None
    if needed == INSTANCE:
        return None if instance else 403
    if role is None:
        return 404
    return None if role.allows(Role(needed)) else 403


async def test_no_project_learns_of_another(brain: Brain) -> None:
    """Each fact carries the name of its project; each reader meets only their own."""
    container = brain.container
    listings = [
        path.removeprefix(f"{IN}/")
        for path, operations in (await document_of(brain))["paths"].items()
        if path.startswith(f"{IN}/") and "get" in operations and path.count("{") == 1
    ]
    assert {"tasks", "agents", "audit"} <= set(listings)
    projects: dict[str, Project] = {}
    for name in ("alpha", "beta"):
        project = projects[name] = await container.projects().create(name, f"{name} inc", "test")
        minted = await container.agents().mint(project, f"{name}-agent", "test")
        await container.keys().create(f"{name}-key", VIEWER, "test", project=project)
        facts = run_of(
            f"{name}-task",
            at=brain.now(),
            project_id=project.id,
            task_name=f"{name}.pay",
            queue=f"{name}-mail",
        )
        await container.event_store().append(Batch(tuple(facts)))
        readers = [await somebody(brain, f"{name}-admin", {name: ADMIN})]
        readers.append(await robot(brain, ADMIN, project))
        projects[name] = project
        for reader in readers:
            other = "beta" if name == "alpha" else "alpha"
            for part in listings:
                status, body = await reader.call("GET", f"/projects/{name}/{part}")
                assert status == 200
                assert other not in str(body), part
                status, body = await reader.call("GET", f"/projects/{other}/{part}")
                assert (status, body["error"]["code"]) == (404, "not_found")
            for path in ("/me", "/projects", "/keys"):
                _, body = await reader.call("GET", path)
                assert name in str(body), path
                assert other not in str(body), path
            agent = f"/projects/default/agents/{minted.agent.id}"
            assert (await reader.call("DELETE", agent))[0] == 404
            await reader.http.close()
    boss = await somebody(brain, "boss", admin=True)
    for name, other in (("alpha", "beta"), ("beta", "alpha")):
        (agent_record,) = await container.agents().all_of(projects[name])
        for method, path in (
            ("GET", f"tasks/huey/{name}-task"),
            ("DELETE", f"agents/{agent_record.id}"),
            ("POST", f"agents/{agent_record.id}/tokens"),
        ):
            assert (await boss.call(method, f"/projects/{other}/{path}"))[0] == 404, path
    await boss.http.close()


async def test_a_role_taken_away_is_gone_at_once(brain: Brain) -> None:
    anna = await somebody(brain, "anna", {"default": VIEWER})
    assert anna.user is not None
    assert (await anna.call("GET", "/projects/default/tasks"))[0] == 200
    await brain.container.users().withdraw(brain.project, anna.user.id, "test")
    assert (await anna.call("GET", "/projects/default/tasks"))[0] == 404
    assert (await anna.call("GET", "/projects"))[1]["projects"] == []
    await anna.http.close()
