"""Who may come in is the same at every replica, and who may not any more."""

from __future__ import annotations

import base64
from typing import Any

import aiohttp
import pytest

from taskdeck.domain import close_codes

from ..agent_client import connected
from ..brain_process import BrainProcess
from .conftest import Installation

pytestmark = pytest.mark.timeout(120)
PASSWORD = "correct horse battery"


async def ask(http: aiohttp.ClientSession, brain: BrainProcess, path: str, **body: Any) -> int:
    url = f"{brain.url}/api/v1{path}"
    async with http.request("POST" if body else "GET", url, **body) as answer:
        return answer.status


async def test_a_session_begins_and_ends_everywhere(installation: Installation) -> None:
    here, there = await installation.start("a"), await installation.start("b")
    user = {"username": "anna", "password": PASSWORD}
    made = await here.call("POST", "/users", json=user)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        assert await ask(http, here, "/login", json=user) == 200
        assert await ask(http, there, "/me") == 200
        await there.call("PATCH", f"/users/{made['id']}", json={"disabled": True})
        for brain in (here, there):
            assert await ask(http, brain, "/me") == 401
            assert await ask(http, brain, "/login", json=user) == 401


async def test_an_agent_revoked_here_is_cut_off_there(installation: Installation) -> None:
    here, there = await installation.start("a"), await installation.start("b")
    agents = "/projects/default/agents"
    minted = await here.call("POST", agents, json={"name": "shop"})
    agent = f"{agents}/{minted['agent']['id']}"
    rotated = await here.call("POST", f"{agent}/tokens", json={"overlap_seconds": 0})
    with pytest.raises(aiohttp.WSServerHandshakeError):
        async with greeted(there, minted):
            pass
    async with greeted(there, rotated) as client:
        await client.greet("w1")
        await here.call("DELETE", agent)
        with pytest.raises(ConnectionError, match=str(int(close_codes.REVOKED))):
            await client.receive()


def greeted(brain: BrainProcess, minted: dict[str, Any]) -> Any:
    key = base64.urlsafe_b64decode(minted["hmac_secret"])
    return connected(brain.url, minted["token"], key, lambda: 0)
