"""What services may rely on of the socket of an agent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest

from taskdeck.adapters.memory.connection import RecordedConnection
from taskdeck.domain.pauses import Pause
from taskdeck.entrypoints.link import AgentLink
from taskdeck.entrypoints.link_parts import LinkParts
from taskdeck.entrypoints.link_wheel import LinkWheel
from taskdeck.ports.connection import Connection

from ..unit.services.brain import Brain


class Pipe(asyncio.Transport):
    """A transport without an end."""

    def __init__(self) -> None:
        super().__init__()
        self._reading = True

    def is_reading(self) -> bool:
        return self._reading

    def pause_reading(self) -> None:
        self._reading = False

    def resume_reading(self) -> None:
        self._reading = True

    def write(self, data: object) -> None: ...

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...


@dataclass(frozen=True)
class Socket:
    connection: Connection
    is_read: Callable[[], bool]


@pytest.fixture(params=["memory", "link"])
async def socket(request: pytest.FixtureRequest) -> AsyncIterator[Socket]:
    if request.param == "memory":
        recorded = RecordedConnection()
        yield Socket(recorded, lambda: not recorded.paused)
        return
    async with Brain().running() as brain:
        wheel, pipe = LinkWheel(brain.clock), Pipe()
        parts = LinkParts(brain.sessions, brain.tokens, brain.notices, brain.metrics, wheel, 1_024)
        link = AgentLink(parts, await brain.tokens.authenticate(brain.minted.token))
        link.attach(pipe)
        yield Socket(link, pipe.is_reading)


def test_it_is_read_while_no_reason_against_it_stands(socket: Socket) -> None:
    assert socket.is_read()
    for reason in (Pause.EVENTS, Pause.ANSWERS, Pause.EVENTS):
        socket.connection.pause_reading(reason)
        assert not socket.is_read()
    socket.connection.resume_reading(Pause.EVENTS)
    socket.connection.resume_reading(Pause.SHUTDOWN)
    assert not socket.is_read()
    socket.connection.resume_reading(Pause.ANSWERS)
    assert socket.is_read()


def test_reading_on_twice_is_as_good_as_once(socket: Socket) -> None:
    socket.connection.resume_reading(Pause.EVENTS)
    socket.connection.pause_reading(Pause.EVENTS)
    assert not socket.is_read()
