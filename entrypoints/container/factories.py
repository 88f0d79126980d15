"""How objects are made that take more than one setting."""

from __future__ import annotations

import os
import socket
import uuid
from importlib.metadata import version

from ...adapters.postgres.bus import PostgresBus
from ...adapters.postgres.database import PostgresDatabase, Timeouts, conninfo
from ...adapters.postgres.diagnosis import PostgresDiagnosis
from ...adapters.postgres.upkeep import PostgresUpkeep
from ...domain.ids import ReplicaId
from ...domain.replicas import Replica
from ...domain.retention import RetentionDays
from ...ports.bus import Bus
from ...ports.clock import Clock
from ...ports.notices import Notices
from ..settings import Settings


def this_replica(clock: Clock) -> Replica:
    now = clock.now()
    return Replica(
        id=ReplicaId(str(uuid.uuid4())),
        name=f"{socket.gethostname()}:{os.getpid()}",
        version=version("taskdeck"),
        started_at=now,
        beat_at=now,
    )


def retention_days(settings: Settings) -> RetentionDays:
    return RetentionDays(
        events=settings.event_retention_days,
        tasks=settings.task_retention_days,
        commands=settings.command_retention_days,
        statistics=settings.statistics_retention_days,
    )


def postgres(settings: Settings) -> PostgresDatabase:
    return PostgresDatabase(
        settings.database_url or "",
        read_url=settings.database_read_url,
        timeouts=Timeouts(statement=settings.statement_timeout_ms),
        direct=settings.connects_directly,
        statistics_days=settings.statistics_retention_days,
    )


def postgres_upkeep(settings: Settings, database: PostgresDatabase) -> PostgresUpkeep:
    return PostgresUpkeep(database, _direct(settings), retention_days(settings))


def postgres_diagnosis(settings: Settings) -> PostgresDiagnosis:
    read = settings.database_read_url
    return PostgresDiagnosis(
        conninfo(settings.database_url or ""),
        listen=_direct(settings),
        read=None if read is None else conninfo(read),
        days=retention_days(settings),
    )


def postgres_bus(settings: Settings, local: Bus, me: Replica, notices: Notices) -> PostgresBus:
    return PostgresBus(
        local=local,
        notify_conninfo=conninfo(settings.database_url or ""),
        listen_conninfo=_direct(settings),
        replica_id=me.id,
        notices=notices,
    )


def _direct(settings: Settings) -> str:
    """The way to the server itself, past any pooler."""
    return conninfo(settings.database_listen_url or settings.database_url or "")
