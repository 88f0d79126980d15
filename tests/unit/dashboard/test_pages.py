"""How the dashboard's files are served."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from taskdeck.entrypoints.dashboard.assets import Assets
from taskdeck.entrypoints.dashboard.pages import add_dashboard

Browser = TestClient[web.Request, web.Application]


def build(folder: Path, script: str) -> None:
    (folder / "index.html").write_text("<!doctype html>the page")
    (folder / f"{script}.js").write_text(script)
    (folder / f"{script}.js.gz").write_bytes(gzip.compress(script.encode()))
    (folder / "bundle.json").write_text("{}")


def clear(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


@pytest_asyncio.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    app = web.Application()
    add_dashboard(app, Assets(tmp_path))
    async with TestClient(TestServer(app), auto_decompress=False) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/login", "/p/default", "/p/default/tasks/celery/a%2Fb"])
async def test_every_address_is_the_page(browser: Browser, tmp_path: Path, path: str) -> None:
    build(tmp_path, "one")
    answer = await browser.get(path)
    assert "the page" in await answer.text()
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_scripts_and_styles_come_from_here_only(browser: Browser, tmp_path: Path) -> None:
    build(tmp_path, "one")
    policy = (await browser.get("/")).headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


async def test_hashed_files_are_kept_for_ever(browser: Browser, tmp_path: Path) -> None:
    build(tmp_path, "one")
    answer = await browser.get("/assets/one.js", headers={"Accept-Encoding": "identity"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.content_type == "text/javascript"
    assert await answer.read() == b"one"


async def test_who_accepts_gzip_gets_the_packed_file(browser: Browser, tmp_path: Path) -> None:
    build(tmp_path, "one")
    answer = await browser.get("/assets/one.js", headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(await answer.read()) == b"one"


@pytest.mark.parametrize("name", ["none.js", "..%2Fsecret", "%2Fetc%2Fpasswd"])
async def test_other_files_cannot_be_asked_for(browser: Browser, tmp_path: Path, name: str) -> None:
    build(tmp_path, "one")
    (tmp_path.parent / "secret").write_text("secret")
    assert (await browser.get(f"/assets/{name}")).status == 404


async def test_a_new_bundle_is_seen_without_a_restart(browser: Browser, tmp_path: Path) -> None:
    build(tmp_path, "one")
    assert (await browser.get("/assets/one.js")).status == 200
    clear(tmp_path)
    build(tmp_path, "two")
    assert (await browser.get("/assets/two.js")).status == 200
    assert (await browser.get("/assets/one.js")).status == 404


async def test_without_a_bundle_it_says_how_to_build_one(browser: Browser) -> None:
    assert "ui_bundle.py" in await (await browser.get("/")).text()


async def test_below_a_path_the_page_names_its_files_there(tmp_path: Path) -> None:
    build(tmp_path, "one")
    (tmp_path / "index.html").write_text('<script src="/assets/one.js"></script>')
    (tmp_path / "index.html.gz").write_bytes(b"not the changed page")
    app = web.Application()
    add_dashboard(app, Assets(tmp_path), prefix="/below")
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/login")
        assert await answer.text() == '<script src="/below/assets/one.js"></script>'
