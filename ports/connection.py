"""The brain's end of one agent's socket."""

from __future__ import annotations

from typing import Protocol

from ..domain.pauses import Pause


class Connection(Protocol):
    """Calls never block and are ignored once the socket is gone."""

    def send(self, frames: list[bytes]) -> None:
        """Write these messages, in order, as few writes as possible."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Send what is buffered, then a close frame. The socket follows by itself."""
        ...

    def pause_reading(self, reason: Pause) -> None:
        """Take no more bytes from the peer while any reason stands; may be called twice."""
        ...

    def resume_reading(self, reason: Pause) -> None:
        """Of these reasons none stands any more."""
        ...
