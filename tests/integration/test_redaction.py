"""Secrets that an agent let through are in no table, no log and no answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from taskdeck.domain.access import Role
from taskdeck.domain.errors import ConfigurationError
from taskdeck.entrypoints.settings import load_settings

from ..agent_client import wire_event
from .brain import Brain, running_brain
from .people import robot

SECRET = "hunter2-hunter2"


async def told(brain: Brain) -> str:
    """What the API tells of a task whose arguments hold a secret."""
    kwargs = {"user": "anna", "login": {"password": SECRET}}
    async with brain.agent() as agent:
        failed = wire_event(
            "task.failed", at=brain.now(), kwargs=kwargs, traceback=f"pay(token='{SECRET}')"
        )
        await agent.send_events(failed)
        assert (await agent.ack())["accepted"] == 1
    reader = await robot(brain, Role.VIEWER)
    try:
        answers = [
            await reader.call("GET", f"/projects/default/{path}")
            for path in ("tasks/celery/t1", "tasks", "events")
        ]
    finally:
        await reader.http.close()
    assert {status for status, _ in answers} == {200}
    return json.dumps([body for _, body in answers])


def files(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.iterdir()]


async def test_what_an_agent_let_through_is_stored_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_brain(tmp_path) as brain:
        answers = await told(brain)
    assert "anna" in answers
    assert "[redacted]" in answers
    assert SECRET not in answers
    assert SECRET not in caplog.text
    assert not [each for each in files(tmp_path) if SECRET.encode() in each]


async def test_redaction_may_be_left_to_the_agents(tmp_path: Path) -> None:
    async with running_brain(tmp_path, redact_fields="none") as brain:
        assert SECRET in await told(brain)


def test_a_name_that_is_none_is_said_at_the_start() -> None:
    with pytest.raises(ConfigurationError, match="Z4J_REDACT_FIELDS"):
        load_settings({"Z4J_REDACT_FIELDS": "password,(x"})
