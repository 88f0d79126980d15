"""An agent that keeps what was not acknowledged and sends it again, to whichever brain lets it in."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import ssl
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from .agent_client import AgentClient, connected, wire_run
from .brain_process import Credentials

MOST_WAITING = 64
"""Frames without an acknowledgement; then the agent stops sending, as real ones do (§5)."""
PAUSE_SECONDS = 0.1


@dataclass
class ResendingAgent:
    """One worker process. `urls` are tried in turn; `acked` are ids of tasks that are stored."""

    credentials: Credentials
    urls: Sequence[str]
    worker_id: str
    acked: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    """Ids of command frames, each as often as it came."""
    answers: bool = True
    """Whether commands are answered at once."""
    tls: ssl.SSLContext | None = None
    """Whom it trusts, for https."""
    connects: int = 0
    client: AgentClient | None = None
    _waiting: dict[str, tuple[str, Sequence[dict[str, Any]]]] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _sending: bool = True

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ResendingAgent]:
        task = asyncio.create_task(self._run())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if task.done() and not task.cancelled() and task.exception() is not None:
            raise task.exception() or RuntimeError

    async def until(self, condition: Callable[[], object], *, seconds: float = 60) -> None:
        """Wait until something that happened to this agent makes the condition true."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def progress(self, tasks: int) -> None:
        """Wait until so many more are acknowledged."""
        wanted = len(self.acked) + tasks
        await self.until(lambda: len(self.acked) >= wanted)

    async def finish(self, *, seconds: float = 90) -> None:
        """Send nothing new, and wait until everything is acknowledged."""
        self._sending = False
        await self.until(lambda: not self._waiting, seconds=seconds)

    async def drop(self) -> None:
        """Break the connection."""
        if self.client is not None:
            await self.client.socket.close()

    async def _run(self) -> None:
        for url in itertools.cycle(self.urls):
            try:
                async with connected(
                    url, self.credentials.token, self.credentials.key, _now, tls=self.tls
                ) as client:
                    await client.greet(self.worker_id)
                    await self._serve(client)
            except (aiohttp.ClientError, ConnectionError, TimeoutError, OSError):
                pass
            self.client = None
            self._changed.set()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _serve(self, client: AgentClient) -> None:
        self.connects += 1
        self.client = client
        self._changed.set()
        for frame_id, (_, events) in list(self._waiting.items()):
            await client.send("event_batch", frame_id, {"events": list(events)})
        sender = asyncio.create_task(self._send(client))
        try:
            while True:
                await self._take(client, json.loads(await client.receive(seconds=20)))
        finally:
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    async def _take(self, client: AgentClient, frame: dict[str, Any]) -> None:
        if frame["type"] == "event_batch_ack":
            sent = self._waiting.pop(frame["payload"]["acked_id"], None)
            if sent is not None:
                self.acked.append(sent[0])
        elif frame["type"] == "command":
            self.commands.append(frame["id"])
            if self.answers:
                await client.answer(frame, result={"done": True})
        self._changed.set()

    async def _send(self, client: AgentClient) -> None:
        """Whole lives of tasks, as fast as they are acknowledged."""
        while True:
            if self._sending and len(self._waiting) < MOST_WAITING:
                task_id, frame_id = secrets.token_hex(8), f"ev_{secrets.token_hex(16)}"
                events = wire_run(task_id, at=_now())
                self._waiting[frame_id] = (task_id, events)
                await client.send("event_batch", frame_id, {"events": events})
            else:
                await self.until(
                    lambda: self._sending and len(self._waiting) < MOST_WAITING, seconds=3_600
                )


def _now() -> int:
    return time.time_ns() // 1_000
