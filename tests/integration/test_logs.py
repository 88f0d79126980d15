"""What a brain writes into its log, and what it never does."""

from __future__ import annotations

import contextlib
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from taskdeck.adapters.system.notices import LoggedNotices
from taskdeck.domain.access import Role
from taskdeck.domain.notices import Notice, Severity
from taskdeck.entrypoints.logs import handler

from ..agent_client import wire_run
from .brain import Brain, running_brain
from .people import PASSWORD, browser, make_user, program, quick_passwords


@contextlib.contextmanager
def written(form: str = "json") -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, at the level debug."""
    stream, root = io.StringIO(), logging.getLogger()
    added, level = handler(form, stream), root.level
    root.addHandler(added)
    root.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        root.removeHandler(added)
        root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def told(stream: io.StringIO, code: str) -> list[dict[str, Any]]:
    return [line for line in lines(stream) if line.get("code") == code]


NOTICE = Notice(Severity.WARNING, "frame.refused.hmac", "No.\nreally", {"agent": "a1", "level": 3})


def test_a_notice_as_json_carries_its_details() -> None:
    with written() as stream:
        LoggedNotices().tell(NOTICE)
    (line,) = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "message": "No.\nreally", "code": "frame.refused.hmac", "level": "warning",
        "agent": "a1", "level_": 3,
    }  # fmt: skip


def test_a_notice_for_people_is_one_line() -> None:
    with written("auto") as asked, written("human") as human:
        LoggedNotices().tell(NOTICE)
    assert len(human.getvalue().splitlines()) == 1
    assert "frame.refused.hmac" in human.getvalue()
    assert asked.getvalue().startswith("{"), "no terminal, so for machines"


def test_a_traceback_shows_no_values() -> None:
    with written("json") as machine, written("human") as human:
        try:
            password = "hunter2-" + "hunter2"
            raise ValueError(len(password))
        except ValueError:
            logging.getLogger("taskdeck").exception("failed")
    for stream in (machine, human):
        assert "ValueError: 15" in stream.getvalue()
        assert "hunter2-hunter2" not in stream.getvalue()


async def test_requests_have_ids(tmp_path: Path) -> None:
    async with running_brain(tmp_path) as brain, aiohttp.ClientSession() as http:
        with written() as stream:
            for given in ("abc-1", "two words", "x" * 65, None):
                headers = {} if given is None else {"X-Request-Id": given}
                url = f"{brain.url}/api/v1/nowhere?secret=s3cret"
                async with http.get(url, headers=headers) as answer:
                    returned = answer.headers["X-Request-Id"]
                assert (returned == given) is (given == "abc-1")
    first, *others = (line for line in lines(stream) if line.get("status") == 404)
    assert (first["request_id"], first["path"]) == ("abc-1", "/api/v1/nowhere")
    assert len({line["request_id"] for line in others}) == 3
    assert "s3cret" not in stream.getvalue()


async def test_sessions_have_ids(tmp_path: Path) -> None:
    with written() as stream:
        async with running_brain(tmp_path) as brain, brain.agent("w1") as agent:
            await agent.socket.send_str("not a frame")
            await agent.socket.receive()
    (opened,) = told(stream, "session.opened")
    (refused,) = [
        line for line in lines(stream) if line.get("code", "").startswith("frame.refused")
    ]
    assert opened["worker"] == "w1"
    assert refused["session"] == opened["session"]
    assert told(stream, "session.closed")[0]["session"] == opened["session"]


async def test_no_secret_is_ever_logged(tmp_path: Path) -> None:
    with written() as stream:
        async with running_brain(tmp_path, overrides=quick_passwords) as brain:
            secrets = await _traffic(brain)
            said = [line.partition("#token=")[2] for line in brain.said if "#token=" in line]
    text = stream.getvalue()
    assert "/api/v1/login" in text
    for secret in (*secrets, *said):
        assert len(secret) > 6
        assert secret not in text


async def _traffic(brain: Brain) -> list[str]:
    """Use every kind of secret, well and badly; returns them."""
    created = await brain.container.keys().create("ci", Role.ADMIN, "test")
    await make_user(brain, "anna")
    someone, bad = browser(brain), program(brain, "tdk_wrong-key-0123456789")
    good = program(brain, created.key)
    secrets = [created.key, "tdk_wrong-key-0123456789", "wrong password!", PASSWORD]
    await someone.log_in("anna", "wrong password!")
    await someone.log_in("anna")
    secrets += [cookie.value for cookie in someone.http.cookie_jar]
    secrets.append(someone.headers["X-CSRF-Token"])
    await someone.call(
        "POST", "/me/password", json={"current": PASSWORD, "new": "another one 4 me"}
    )
    secrets.append("another one 4 me")
    await bad.call("GET", "/me")
    _, minted = await good.call("POST", "/projects/default/agents", json={"name": "fresh"})
    secrets += [minted["token"], minted["hmac_secret"]]
    await good.call("POST", "/setup", json={"token": "wrong-setup-token", "username": "x"})
    secrets.append("wrong-setup-token")
    with pytest.raises(aiohttp.WSServerHandshakeError):
        async with brain.connect("wrong-agent-token"):
            pass
    secrets += ["wrong-agent-token", brain.minted.token, brain.minted.hmac_secret]
    async with brain.agent() as agent:
        await agent.send_events(*wire_run("t1", at=brain.now()))
        await agent.ack()
    for person in (someone, bad, good):
        await person.http.close()
    return secrets
