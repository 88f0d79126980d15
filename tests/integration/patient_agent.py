"""An agent that keeps every frame until it is acknowledged, over any number of connections."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

import aiohttp

from ..agent_client import AgentClient
from ..brain_process import BrainProcess, Credentials

IN_FLIGHT = 32
Event = dict[str, Any]


class PatientAgent:
    """Frame ids and events stay what they are when a frame is sent again (agent-protocol.md §5)."""

    def __init__(
        self,
        brain: BrainProcess,
        credentials: Credentials,
        worker_id: str,
        frames: Iterable[Sequence[Event]],
    ) -> None:
        self._brain = brain
        self._credentials = credentials
        self._worker_id = worker_id
        self.waiting = {f"ev_{secrets.token_hex(16)}": list(events) for events in frames}
        self.acked: list[Event] = []
        self.ended: list[object] = []
        """How each broken connection ended: its close code, or None for none."""

    async def deliver(self, *, again: bool = True) -> None:
        """Send until everything is acknowledged, or, not `again`, until the connection ends."""
        while self.waiting:
            try:
                async with self._brain.connect(self._credentials) as client:
                    await client.greet(self._worker_id)
                    await self._send_all(client)
            except (ConnectionError, aiohttp.ClientError) as error:
                self.ended.append(error.args[0] if type(error) is ConnectionError else None)
                if not again:
                    return
                await asyncio.sleep(0.05)  # as agents do; the brain may be starting

    async def _send_all(self, client: AgentClient) -> None:
        unsent, in_flight = list(self.waiting), 0
        while unsent or in_flight:
            while unsent and in_flight < IN_FLIGHT:
                frame_id = unsent.pop(0)
                await client.send("event_batch", frame_id, {"events": self.waiting[frame_id]})
                in_flight += 1
            ack = await client.ack()
            self.acked += self.waiting.pop(ack["acked_id"])
            in_flight -= 1
