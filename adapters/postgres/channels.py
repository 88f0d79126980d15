"""What replicas tell each other by NOTIFY: who speaks, and where to look. Never what there is."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress

from psycopg import AsyncConnection, sql

from ...domain.fanout import Change, Topic
from ...domain.ids import ProjectId, ReplicaId
from .statements import statements

MOST_BYTES = 7_900
"""PostgreSQL takes payloads below 8 000 bytes."""
ALL = "taskdeck"
PING_SECONDS = 3.0

_SQL = statements("channels")


def own(replica_id: ReplicaId) -> str:
    """The channel on which a replica hears only itself."""
    return f"taskdeck_{replica_id}"


def payloads(speaker: ReplicaId, changes: Iterable[Change]) -> Iterator[str]:
    """`<speaker> <topic>:<project> …`, in as few messages as fit."""
    text: str = speaker
    for change in changes:
        item = f" {change.topic}:{change.project_id}"
        if len(text) + len(item) > MOST_BYTES:
            yield text
            text = speaker
        text += item
    if text != speaker:
        yield text


def read(payload: str) -> tuple[str, list[Change]]:
    """Speaker and changes; what a newer replica says and this one does not know is left out."""
    speaker, *items = payload.split(" ")
    changes = []
    for item in items:
        topic, _, project_id = item.partition(":")
        with suppress(ValueError):
            changes.append(Change(ProjectId(project_id), Topic(topic)))
    return speaker, changes


async def hears_others(conninfo: str) -> bool:
    """Whether what one connection says to a channel reaches another one that listens.

    A pooler may bring back to a connection what itself said, and nothing else.
    """
    channel = own(ReplicaId(str(uuid.uuid4())))
    async with (
        await AsyncConnection.connect(conninfo, autocommit=True) as listener,
        await AsyncConnection.connect(conninfo, autocommit=True) as speaker,
    ):
        await listener.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        await speaker.execute(_SQL["notify"], {"channel": channel, "payload": "ping"})
        return bool([each async for each in listener.notifies(timeout=PING_SECONDS, stop_after=1)])
