"""Changes over all replicas, by NOTIFY."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

from ...domain.fanout import Change, Topic
from ...domain.ids import ProjectId, ReplicaId
from ...ports.bus import Bus
from ...ports.notices import Notices
from . import channels
from .connections import named
from .listener import Listener
from .notifier import Notifier

NOBODY = ProjectId("")


class PostgresBus:
    """Satisfies `Bus`. `local` carries changes within this replica, whoever they come from."""

    def __init__(
        self,
        *,
        local: Bus,
        notify_conninfo: str,
        listen_conninfo: str,
        replica_id: ReplicaId,
        notices: Notices,
    ) -> None:
        self._local = local
        self._replica_id = replica_id
        self._notifier = Notifier(named(notify_conninfo, "notifier"), replica_id)
        self._listener = Listener(
            named(listen_conninfo, "listener"),
            replica_id,
            ping=self._notifier.ping,
            heard=self._heard,
            resumed=self._resumed,
            notices=notices,
        )

    @property
    def hears(self) -> bool:
        """Whether other replicas are heard now, as far as is known."""
        return self._listener.hears

    def publish(self, change: Change) -> None:
        self._local.publish(change)
        self._notifier.put(change)

    def subscribe(self) -> AbstractAsyncContextManager[AsyncIterator[frozenset[Change]]]:
        return self._local.subscribe()

    async def run(self) -> None:
        """Speak and listen for ever; end by cancelling."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._notifier.run())
            group.create_task(self._listener.run())

    def _heard(self, payload: str) -> None:
        speaker, changes = channels.read(payload)
        if speaker != self._replica_id:
            for change in changes:
                self._local.publish(change)

    def _resumed(self) -> None:
        self._local.publish(Change(NOBODY, Topic.COMMANDS))
