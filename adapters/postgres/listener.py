"""Hears what other replicas say: one connection that does nothing but LISTEN.

It needs a direct way to the server (`Z4J_DATABASE_LISTEN_URL`): behind PgBouncer in transaction mode
a LISTEN is deaf. A ping finds that out: said over another connection, for a pooler may bring back to a
connection what itself said, and nothing else.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import psycopg
from psycopg import AsyncConnection, sql

from ...domain.ids import ReplicaId
from ...domain.notices import Notice, Severity
from ...ports.notices import Notices
from .channels import ALL, PING_SECONDS, own

QUIET_SECONDS = 5.0
"""After so long without a word the connection is asked whether it still hears."""
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0


class Deaf(Exception):
    """A ping did not arrive."""


class Listener:
    """Calls `heard` for each message and `resumed` whenever some may have been missed."""

    def __init__(
        self,
        conninfo: str,
        replica_id: ReplicaId,
        *,
        ping: Callable[[str], None],
        heard: Callable[[str], None],
        resumed: Callable[[], None],
        notices: Notices,
    ) -> None:
        """`ping` says a word on a channel, over another connection."""
        self._conninfo = conninfo
        self._say_ping = ping
        self._own = own(replica_id)
        self._heard = heard
        self._resumed = resumed
        self._notices = notices
        self.hears = False
        """Whether messages arrive now, as far as is known."""

    async def run(self) -> None:
        """Listen for ever, over as many connections as it takes; end by cancelling."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError, TimeoutError, Deaf) as error:
                pause = FIRST_PAUSE if self.hears else min(pause * 2, LONGEST_PAUSE)
                self._tell(error)
                self.hears = False
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311

    async def _listen(self) -> None:
        async with await AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
            for channel in (ALL, self._own):
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            await self._ping(connection)
            self.hears = True
            # What was said while nobody listened is in the tables.
            self._resumed()
            while True:
                async for notify in connection.notifies(timeout=QUIET_SECONDS):
                    if notify.channel == ALL:
                        self._heard(notify.payload)
                await self._ping(connection)

    async def _ping(self, connection: AsyncConnection[tuple[object, ...]]) -> None:
        """Raises Deaf."""
        self._say_ping(self._own)
        async for notify in connection.notifies(timeout=PING_SECONDS):
            if notify.channel == self._own:
                return
            self._heard(notify.payload)
        raise Deaf

    def _tell(self, error: Exception) -> None:
        if isinstance(error, Deaf):
            message = (
                "The database does not deliver notifications to this replica. Behind PgBouncer set "
                "Z4J_DATABASE_LISTEN_URL to the server itself."
            )
        else:
            message = f"The connection that listens is lost: {error}".strip()
        self._notices.tell(
            Notice(
                Severity.WARNING,
                "listener.deaf",
                f"{message} Until it hears again, replicas learn from each other within a second.",
            )
        )
