"""Real proxies with the configurations of deploy/, on loopback, with a certificate of their own."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
START_SECONDS = 60
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; {user}
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {config};
}}
"""
"""What surrounds one file of Debian's conf.d."""


@dataclass(frozen=True)
class Proxy:
    url: str
    tls: ssl.SSLContext


@dataclass(frozen=True)
class Place:
    """Where a proxy of a test runs."""

    folder: Path
    port: int
    plain_port: int
    replicas: tuple[str, str]

    def write(self, name: str, changes: Mapping[str, str]) -> Path:
        """The configuration of deploy/, changed where a test differs from production."""
        text = (DEPLOY / name).read_text()
        for before, after in {**self._common(name), **changes}.items():
            assert before in text, f"deploy/{name} says no longer: {before}"
            text = text.replace(before, after)
        written = self.folder / name
        written.write_text(text)
        return written

    def _common(self, name: str) -> Mapping[str, str]:
        tls = {} if name == "Caddyfile" else {"/etc/taskdeck/tls/": f"{self.folder}/"}
        return {"127.0.0.1:7701": self.replicas[0], "127.0.0.1:7702": self.replicas[1], **tls}


def nginx(place: Place) -> list[str]:
    config = place.write(
        "nginx.conf",
        {
            "listen 443 ssl": f"listen 127.0.0.1:{place.port} ssl",
            "listen 80": f"listen 127.0.0.1:{place.plain_port}",
        },
    )
    return nginx_of(place.folder, config)


def nginx_of(folder: Path, config: Path) -> list[str]:
    """How nginx is started with one file of its conf.d, all it writes in a folder."""
    whole = folder / "whole.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    whole.write_text(NGINX.format(folder=folder, config=config, user=user))
    return ["-c", str(whole), "-p", str(folder), "-e", f"{folder}/start.log"]


def haproxy(place: Place) -> list[str]:
    config = place.write(
        "haproxy.cfg",
        {
            "maxconn 20000": "maxconn 500",
            "bind :443": f"bind 127.0.0.1:{place.port}",
            "bind :80": f"bind 127.0.0.1:{place.plain_port}",
        },
    )
    return ["-db", "-f", str(config)]


def caddy(place: Place) -> list[str]:
    site = f"https://localhost:{place.port}"
    config = place.write(
        "Caddyfile",
        {
            "\tservers {": "\tadmin off\n\tauto_https off\n\tservers {",
            "{$TASKDECK_SITE:taskdeck.example.com}": site,
            "# tls /etc/taskdeck/tls/cert.pem /etc/taskdeck/tls/key.pem": (
                f"tls {place.folder}/cert.pem {place.folder}/key.pem"
            ),
        },
    )
    return ["run", "--config", str(config), "--adapter", "caddyfile"]


PROGRAMS: Mapping[str, Callable[[Place], list[str]]] = {
    "nginx": nginx,
    "haproxy": haproxy,
    "caddy": caddy,
}


def program(name: str) -> Path:
    """Where a program is. Without it the test is left out, but in CI it fails."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        why = (
            f"{name} is not installed (apt-get install nginx-light haproxy caddy pgbouncer openssl)"
        )
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return Path(found)


@asynccontextmanager
async def proxy(name: str, folder: Path, first: str, second: str) -> AsyncIterator[Proxy]:
    """A running proxy in front of two brains, given by their URLs."""
    tls = _certificate(folder)
    replicas = urlsplit(first).netloc, urlsplit(second).netloc
    place = Place(folder, free_port(), free_port(), replicas)
    with (folder / f"{name}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            program(name), *PROGRAMS[name](place), stdout=log, stderr=log, cwd=folder,
            env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)},
        )  # fmt: skip
    try:
        await listens(process, place.port, folder / f"{name}.log")
        yield Proxy(f"https://localhost:{place.port}", tls)
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), START_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()


async def listens(process: asyncio.subprocess.Process, port: int, log: Path) -> None:
    async with asyncio.timeout(START_SECONDS):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return
    raise RuntimeError("the proxy did not start; see " + str(log))


def _certificate(folder: Path) -> ssl.SSLContext:
    """Make key.pem, cert.pem and both.pem for localhost; returns who trusts them."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "both.pem").write_text(certificate.read_text() + key.read_text())
    return ssl.create_default_context(cafile=str(certificate))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
