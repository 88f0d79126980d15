"""What deploy/ says of proxies, tried: TLS outside, two replicas inside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from ..brain_process import BrainProcess
from ..resending_agent import ResendingAgent
from .conftest import Installation
from .proxies import PROGRAMS, Proxy, program, proxy
from .test_crossing import IN, ended, order

pytestmark = pytest.mark.timeout(240)
AGENTS = 6
WRONG_KEYS = 60
"""More than one address may try at two replicas."""


@pytest.fixture(params=list(PROGRAMS))
async def front(
    request: pytest.FixtureRequest, installation: Installation, tmp_path: Path
) -> AsyncIterator[Proxy]:
    """A proxy in front of the replicas a and b."""
    program(request.param)
    urls = [
        (await installation.start(name, Z4J_TRUSTED_PROXIES="127.0.0.1")).url for name in ("a", "b")
    ]
    folder = tmp_path / "proxy"
    folder.mkdir()
    async with proxy(request.param, folder, *urls) as running:
        yield running


async def test_agents_and_operators_pass_and_a_killed_replica_costs_nothing(
    installation: Installation, front: Proxy
) -> None:
    outside = seen_through(front, installation.brains["a"])
    assert installation.credentials is not None
    async with AsyncExitStack() as stack:
        agents = [
            ResendingAgent(installation.credentials, [front.url], f"w{number}", tls=front.tls)
            for number in range(AGENTS)
        ]
        for agent in agents:
            await stack.enter_async_context(agent.running())
        for agent in agents:
            await agent.progress(5)
        assert await sessions(installation.brains["a"]) > 0
        assert await sessions(installation.brains["b"]) > 0
        assert (await ended(outside, await order(outside)))["status"] == "succeeded"

        await installation.brains["a"].kill()
        for agent in agents:
            await agent.progress(20)
        for number in range(20):
            assert (await outside.call("GET", "/ready"))["status"] == "ok", number
        assert await sessions(installation.brains["b"]) == AGENTS
        for agent in agents:
            await agent.finish()
        acked = sum(len(agent.acked) for agent in agents)
        events, distinct = await installation.stored()
        assert events == distinct == 3 * acked


async def test_a_client_cannot_say_who_it_is(installation: Installation, front: Proxy) -> None:
    """Wrong keys count for the address that the proxy saw, and for no other."""
    answers = [await wrong_key(front, "127.0.0.2", f"6.6.6.{n}") for n in range(WRONG_KEYS)]
    assert answers[0] == 401
    assert answers[-1] == 429
    assert await wrong_key(front, "127.0.0.3", "127.0.0.2") == 401


async def test_neither_metrics_nor_large_bodies_pass(
    installation: Installation, front: Proxy
) -> None:
    headers = {"Authorization": f"Bearer {installation.brains['a'].api_key}"}
    connector = aiohttp.TCPConnector(ssl=front.tls)
    async with aiohttp.ClientSession(headers=headers, connector=connector) as http:
        for path in ("/metrics", "/%6detrics", "/metrics?a=b"):
            async with http.get(URL(f"{front.url}{path}", encoded=True)) as answer:
                assert answer.status == 404
                assert answer.content_type != "application/json", f"{path} reached a replica"
    # Caddy calls it a failure of the replica: it counts while the body passes.
    assert await status_of_body(front, f"/api/v1{IN}/agents", headers, 3_000_000) in (413, 502)


async def test_a_dashboard_of_this_site_is_let_in_and_no_other(
    installation: Installation, front: Proxy
) -> None:
    headers = {"Authorization": f"Bearer {installation.brains['a'].api_key}"}
    connector = aiohttp.TCPConnector(ssl=front.tls)
    url = f"{front.url}/ws/dashboard"
    async with aiohttp.ClientSession(headers=headers, connector=connector) as http:
        async with http.ws_connect(url, origin=front.url) as socket:
            await socket.send_json({"subscribe": {"project": "default"}})
            assert "topics" in await socket.receive_json(timeout=60)
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await http.ws_connect(url, origin="https://elsewhere.example.com")


async def status_of_body(front: Proxy, path: str, headers: Mapping[str, str], length: int) -> int:
    """The final status for a body that is sent once the proxy asks for it (RFC 9110 §10.1.1)."""
    host, port = URL(front.url).host, URL(front.url).port
    async with asyncio.timeout(60):
        reader, writer = await asyncio.open_connection(host, port, ssl=front.tls)
        said = {"Host": host, "Content-Length": length, "Expect": "100-continue", **headers}
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        while (status := int((await reader.readuntil(b"\r\n\r\n")).split()[1])) < 200:
            writer.write(bytes(length))
        writer.transport.abort()
    return status


def seen_through(front: Proxy, brain: BrainProcess) -> BrainProcess:
    """For calls to whichever replica the proxy chooses."""
    return replace(brain, front=front.url, tls=front.tls)


async def sessions(brain: BrainProcess) -> int:
    held: int = (await brain.call("GET", "/ready"))["sessions"]
    return held


async def wrong_key(front: Proxy, address: str, claimed: str) -> int:
    """The status for a client at `address` that says it is another one."""
    headers = {"Authorization": "Bearer wrong", "X-Forwarded-For": claimed}
    connector = aiohttp.TCPConnector(ssl=front.tls, local_addr=(address, 0))
    async with aiohttp.ClientSession(headers=headers, connector=connector) as http:
        async with http.get(f"{front.url}/api/v1/me") as answer:
            return answer.status
