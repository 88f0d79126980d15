"""Requests that no browser and no program of ours would send."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from .brain import Brain, running_brain


@pytest.fixture
async def brain(tmp_path: Path) -> AsyncIterator[Brain]:
    async with running_brain(tmp_path) as running:
        yield running


async def answer(brain: Brain, request: str, *headers: str | bytes, body: bytes = b"") -> Any:
    """Status and document of a request whose headers may be any bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(brain.url.rpartition(":")[2]))
    lines = [f"{request} HTTP/1.1", "Host: brain", *headers, f"Content-Length: {len(body)}"]
    wire = b"\r\n".join(each.encode() if isinstance(each, str) else each for each in lines)
    async with asyncio.timeout(30):
        writer.write(wire + b"\r\nConnection: close\r\n\r\n" + body)
        head = await reader.readuntil(b"\r\n\r\n")
        text = await reader.read()
    writer.transport.abort()
    return int(head.split()[1]), text


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
@pytest.mark.parametrize("path", ["/api/v1/login", "/api/v1/setup"])
async def test_a_packed_body_is_refused_unopened(brain: Brain, path: str, pack: Any) -> None:
    encoding = "gzip" if pack is gzip.compress else "deflate"
    bomb = pack(b" " * 50_000_000)
    headers = ("Content-Type: application/json", f"Content-Encoding: {encoding}")
    status, text = await answer(brain, f"POST {path}", *headers, body=bomb)
    assert status == 415
    assert "compressed" in json.loads(text)["error"]["message"]


async def test_a_body_that_only_says_it_is_packed(
    brain: Brain, caplog: pytest.LogCaptureFixture
) -> None:
    headers = "Content-Encoding: gzip"
    status, _ = await answer(brain, "POST /nowhere", headers, body=b"nothing of the kind")
    assert status == 404
    assert "Traceback" not in caplog.text


async def test_the_identity_is_no_encoding(brain: Brain) -> None:
    body = b'{"username": "nobody", "password": "nothing-of-note"}'
    headers = ("Content-Type: application/json", "Content-Encoding: Identity")
    status, _ = await answer(brain, "POST /api/v1/login", *headers, body=body)
    assert status == 401


UPGRADE = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")


async def test_a_token_that_is_not_ascii_is_unknown(
    brain: Brain, caplog: pytest.LogCaptureFixture
) -> None:
    status, _ = await answer(brain, "GET /ws/agent", b"Authorization: Bearer \xff\xfe", *UPGRADE)
    assert status == 401
    assert "defect" not in caplog.text


@pytest.mark.parametrize("key", [b"\xff\xff", b"", b"====", b"AAAA"])
async def test_a_key_of_an_upgrade_that_is_none(brain: Brain, key: bytes) -> None:
    token = f"Authorization: Bearer {brain.minted.token}"
    status, _ = await answer(brain, "GET /ws/agent", token, *UPGRADE, b"Sec-WebSocket-Key: " + key)
    assert status == 400


@pytest.mark.parametrize("name", ["Cookie", "Authorization", "X-CSRF-Token", "Origin"])
async def test_a_header_of_any_bytes(
    brain: Brain, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    installation = brain.container.keyring().id_of("session cookie")[:8].encode()
    cookie = b"taskdeck-" + installation
    for value in (
        b"\xff",
        cookie + b"=\xff\xfe",
        b"Bearer \xff",
        cookie + b"=\xc3\xa9",
        b"\xf0\x9f",
    ):
        status, _ = await answer(brain, "GET /api/v1/me", name.encode() + b": " + value)
        assert status in (400, 401, 403)
    assert "defect" not in caplog.text


@pytest.mark.parametrize("path", ["/api/v1/login", "/api/v1/health", "/nowhere"])
async def test_a_body_in_chunks_is_not_waited_for(brain: Brain, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(brain.url.rpartition(":")[2]))
    head = f"POST {path} HTTP/1.1\r\nHost: brain\r\nTransfer-Encoding: chunked\r\n"
    async with asyncio.timeout(30):
        writer.write(head.encode() + b"Content-Type: application/json\r\n\r\n1\r\n{\r\n")
        answered = await reader.readuntil(b"\r\n\r\n")
        assert answered.startswith(b"HTTP/1.1 411 ")
        assert b"length_required" in await reader.read(), "and the connection ends"
    writer.transport.abort()
