"""Tells other replicas where to look: NOTIFY on a connection of its own, outside every transaction.

Inside the transactions that write, NOTIFY would make them commit one after the other.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import AsyncConnection

from ...domain.fanout import Change, Topic
from ...domain.ids import ReplicaId
from .channels import ALL, payloads
from .statements import statements

LATER_SECONDS = 0.05
"""For what only screens show: twenty times a second is plenty. Commands do not wait."""
TIMEOUT_SECONDS = 5.0
RETRY_SECONDS = 1.0

_SQL = statements("channels")


class Notifier:
    """Collects changes and sends them; each distinct one once, however often it was said."""

    def __init__(self, conninfo: str, replica_id: ReplicaId) -> None:
        self._conninfo = conninfo
        self._replica_id = replica_id
        self._waiting: set[Change] = set()
        self._pings: set[str] = set()
        self._arrived = asyncio.Event()
        self._urgent = asyncio.Event()

    def put(self, change: Change) -> None:
        self._waiting.add(change)
        self._arrived.set()
        if change.topic is Topic.COMMANDS:
            self._urgent.set()

    def ping(self, channel: str) -> None:
        """Say a word on a channel; unlike changes it is not lost with the connection."""
        self._pings.add(channel)
        self._arrived.set()
        self._urgent.set()

    async def run(self) -> None:
        """Send for ever; end by cancelling. A lost connection loses what was on it, no more."""
        while True:
            try:
                await self._send_all()
            except (psycopg.Error, OSError, TimeoutError):
                await asyncio.sleep(RETRY_SECONDS)

    async def _send_all(self) -> None:
        # Nothing is prepared: a pooler's next server would not know it.
        async with await AsyncConnection.connect(
            self._conninfo, autocommit=True, prepare_threshold=None
        ) as connection:
            if self._pings:
                self._arrived.set()
            while True:
                await self._arrived.wait()
                await self._linger()
                self._arrived.clear()
                self._urgent.clear()
                waiting, self._waiting = self._waiting, set()
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    for payload in payloads(self._replica_id, waiting):
                        await _notify(connection, ALL, payload)
                    for channel in list(self._pings):
                        await _notify(connection, channel, "ping")
                        self._pings.discard(channel)

    async def _linger(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LATER_SECONDS):
                await self._urgent.wait()


async def _notify(connection: AsyncConnection[Any], channel: str, payload: str) -> None:
    await connection.execute(_SQL["notify"], {"channel": channel, "payload": payload})
