"""Whom the brain takes a request to come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from taskdeck.entrypoints.http.proxies import behind_proxies

FORWARDED = "X-Forwarded-For"


async def seen(trusted: str, headers: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """What a handler sees of a request from 127.0.0.1."""

    async def tell(request: web.Request) -> web.Response:
        return web.json_response({"remote": request.remote, "scheme": request.scheme})

    app = web.Application(middlewares=[behind_proxies(trusted)])
    app.router.add_get("/", tell)
    async with TestClient(TestServer(app)) as client, client.get("/", headers=headers) as answer:
        told: Mapping[str, str] = await answer.json()
        return told


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        ("", "6.6.6.6", "127.0.0.1"),
        ("10.0.0.0/8", "6.6.6.6", "127.0.0.1"),
        ("127.0.0.1", "6.6.6.6", "6.6.6.6"),
        ("127.0.0.0/8, 10.0.0.0/8", "6.6.6.6, 10.1.2.3", "6.6.6.6"),
        ("127.0.0.1", "1.1.1.1, 6.6.6.6", "6.6.6.6"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "not an address", "127.0.0.1"),
        ("127.0.0.0/8", "127.0.0.2", "127.0.0.2"),
        ("127.0.0.1", ", ".join(["1.1.1.1"] * 900), "1.1.1.1"),
        ("127.0.0.1", "6.6.6.6,", "127.0.0.1"),
        ("127.0.0.1", "6.6.6.6:4711", "6.6.6.6"),
        ("127.0.0.1", "[2001:DB8:0::1]:4711", "2001:db8::1"),
        ("127.0.0.1", "fe80::1%anything", "fe80::1"),
        ("127.0.0.1", "::ffff:6.6.6.6", "6.6.6.6"),
        ("127.0.0.0/8", "6.6.6.6, ::ffff:127.0.0.9", "6.6.6.6"),
        ("127.0.0.1", "127.0.0.1, 6.6.6.6", "6.6.6.6"),
    ],
)
async def test_the_address(trusted: str, forwarded: str, expected: str) -> None:
    assert (await seen(trusted, [(FORWARDED, forwarded)]))["remote"] == expected


async def test_several_headers_are_one_list() -> None:
    told = await seen("127.0.0.1", [(FORWARDED, "1.1.1.1"), (FORWARDED, "6.6.6.6")])
    assert told["remote"] == "6.6.6.6"


@pytest.mark.parametrize("name", ["X_Forwarded_For", "Forwarded", "X-Real-IP", "X-Client-IP"])
async def test_no_other_header_says_who_asks(name: str) -> None:
    assert (await seen("127.0.0.1", [(name, "6.6.6.6")]))["remote"] == "127.0.0.1"


PROTO = "X-Forwarded-Proto"


@pytest.mark.parametrize(
    ("trusted", "said", "expected"),
    [
        ("127.0.0.1", ["https"], "https"),
        ("", ["https"], "http"),
        ("127.0.0.1", ["gopher"], "http"),
        # A proxy that adds, instead of replacing what the client said, adds at the end.
        ("127.0.0.1", ["https", "http"], "http"),
        ("127.0.0.1", ["https, http"], "http"),
        ("127.0.0.1", ["http", "https"], "https"),
        ("127.0.0.1", ["https,"], "http"),
    ],
)
async def test_the_scheme(trusted: str, said: Sequence[str], expected: str) -> None:
    told = await seen(trusted, [(PROTO, each) for each in said])
    assert told["scheme"] == expected
