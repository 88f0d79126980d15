"""A Redis made of Python, good enough for RQ: fakeredis over TCP with what RQ asks besides."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fakeredis import TcpFakeServer
from fakeredis._clients._tcp_server import TCPFakeRequestHandler
from fakeredis._commands import command
from fakeredis._socket import FakeSocket


def info(_: Any, *sections: bytes) -> bytes:
    """RQ asks for the version."""
    return b"# Server\r\nredis_version:7.2.0\r\n"


setattr(FakeSocket, "info", command(name="INFO", fixed=(), repeat=(bytes,))(info))  # noqa: B010


class Handler(TCPFakeRequestHandler):
    """Shows addresses as Redis writes them: the client cannot read Python's tuples."""

    def setup(self) -> None:
        super().setup()
        client = self.current_client.get_socket()._client_info
        for name in ("addr", "laddr"):
            if isinstance(client[name], tuple):
                client[name] = "{}:{}".format(*client[name][:2])


@contextmanager
def redis_server() -> Iterator[str]:
    """A server on a free port; its URL."""
    with TcpFakeServer(("127.0.0.1", 0), server_type="redis") as server:
        server.RequestHandlerClass = Handler
        server.daemon_threads = True
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield f"redis://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            serving.join()
