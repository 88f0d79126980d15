"""Who did it, by name: ids are for programs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from taskdeck.domain.access import Role
from taskdeck.domain.batching import Batch

from ..builders import run_of
from .brain import Brain, running_brain
from .people import Person, program, quick_passwords, robot, somebody

pytestmark = pytest.mark.timeout(120)
IN = "/projects/default"
CANCEL = {"action": "cancel_task", "engine": "celery", "task_id": "t1"}


@pytest.fixture
async def brain(tmp_path: Path) -> AsyncIterator[Brain]:
    async with running_brain(tmp_path, overrides=quick_passwords) as running:
        yield running


@pytest.fixture
async def viewer(brain: Brain) -> AsyncIterator[Person]:
    person = await robot(brain, Role.ADMIN, brain.project)
    yield person
    await person.http.close()


async def ask(person: Person, path: str, **request: Any) -> Any:
    status, answer = await person.call("GET", f"{IN}{path}", **request)
    assert status == 200, answer
    return answer


def names(rows: Sequence[Any], who: str = "issued_by") -> list[str]:
    return [row[f"{who}_name"] for row in rows]


async def test_commands_tell_who_issued_them_by_name(brain: Brain, viewer: Person) -> None:
    facts = run_of("t1", at=brain.now(), engine="celery", project_id=brain.project.id)
    await brain.container.event_store().append(Batch(tuple(facts)))
    anna = await somebody(brain, "anna", {"default": Role.OPERATOR})
    assert anna.user is not None
    created = await brain.container.keys().create("ci", Role.OPERATOR, "test")
    ci = program(brain, created.key)
    for person, name in ((anna, "anna"), (ci, "ci")):
        status, issued = await person.call("POST", f"{IN}/commands", json=CANCEL)
        assert (status, issued["issued_by_name"]) == (202, name)
    await brain.container.users().disable(anna.user.id, "test")
    await brain.container.keys().revoke(created.record.id, "test")
    listed = (await ask(viewer, "/commands"))["commands"]
    assert names(listed) == ["ci", "anna"]
    assert listed[1]["issued_by"] == anna.user.stream
    assert names([await ask(viewer, f"/commands/{listed[1]['id']}")]) == ["anna"]
    assert names((await ask(viewer, "/tasks/celery/t1"))["commands"]) == ["ci", "anna"]
    await anna.http.close()
    await ci.http.close()


async def test_bulk_operations_tell_who_started_them(brain: Brain, viewer: Person) -> None:
    anna = await somebody(brain, "anna", {"default": Role.OPERATOR})
    facts = run_of("t1", at=brain.now(), engine="celery", project_id=brain.project.id)
    await brain.container.event_store().append(Batch(tuple(facts)))
    body = {"action": "cancel_task", "query": "id:t1"}
    _, started = await anna.call("POST", f"{IN}/bulk", json=body)
    assert started["created_by_name"] == "anna"
    _, paused = await anna.call("POST", f"{IN}/bulk/{started['id']}/pause", json={})
    assert paused["created_by_name"] == "anna"
    assert names((await ask(viewer, "/bulk"))["bulk"], "created_by") == ["anna"]
    await anna.http.close()


async def test_the_audit_names_who_decided_and_on_whom(brain: Brain, viewer: Person) -> None:
    anna = await somebody(brain, "anna", {"default": Role.ADMIN})
    assert anna.user is not None
    status, _ = await anna.call("POST", f"{IN}/agents", json={"name": "web"})
    assert status == 201
    wanted = {"actor": "user:Anna"}
    (entry,) = (await ask(viewer, "/audit", params=wanted))["entries"]
    assert (entry["actor"], entry["actor_name"]) == (anna.user.stream, "anna")
    assert entry["stream_name"] == "web"
    first = (await ask(viewer, "/audit", params={"actor": "brain"}))["entries"][-1]
    assert (first["kind"], first["actor_name"], first["stream_name"]) == (
        "project.created", "brain", "default",
    )  # fmt: skip
    wanted = {**wanted, "format": "csv"}
    async with await viewer.ask("GET", f"{IN}/audit/export", params=wanted) as answer:
        head, row, *rest = (await answer.text()).splitlines()
    assert (head.split(",")[:3], rest) == (["at", "actor", "actor_name"], [])
    assert row.split(",")[1:3] == [anna.user.stream, "anna"]
    await anna.http.close()
