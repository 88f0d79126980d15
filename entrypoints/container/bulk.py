"""Composition of what bulk operations take."""

from __future__ import annotations

from typing import Any

from dependency_injector import containers, providers

from ...adapters.postgres.bulk_views import PostgresBulkViews
from ...adapters.sqlite.bulk_views import SqliteBulkViews
from ...domain.replicas import Replica
from ...domain.services.bulk_preview import BulkPreviews
from ...domain.services.bulk_runner import BulkRunner
from ...domain.services.bulk_sets import BulkSets
from ...domain.services.bulks import Bulks
from ...domain.services.commands import Commands
from ...domain.services.decision_log import DecisionLog
from ...domain.services.homes import Homes
from ...ports.bus import Bus
from ...ports.clock import Clock
from ...ports.ids import IdSource
from ...ports.journal import Journal
from ...ports.notices import Notices
from ...ports.projection_store import ProjectionStore
from ...ports.registry import Registry
from ...ports.task_selection import TaskSelection


class BulkContainer(containers.DeclarativeContainer):
    """A part of `Container`, which gives it all that is not its own."""

    kind = providers.Dependency(instance_of=str)
    database: providers.Dependency[Any] = providers.Dependency()
    journal: providers.Dependency[Journal] = providers.Dependency()
    log: providers.Dependency[DecisionLog] = providers.Dependency()
    views: providers.Dependency[ProjectionStore] = providers.Dependency()
    selection: providers.Dependency[TaskSelection] = providers.Dependency()
    homes: providers.Dependency[Homes] = providers.Dependency()
    registry: providers.Dependency[Registry] = providers.Dependency()
    commands: providers.Dependency[Commands] = providers.Dependency()
    bus: providers.Dependency[Bus] = providers.Dependency()
    clock: providers.Dependency[Clock] = providers.Dependency()
    ids: providers.Dependency[IdSource] = providers.Dependency()
    notices: providers.Dependency[Notices] = providers.Dependency()
    me: providers.Dependency[Replica] = providers.Dependency()

    bulk_views = providers.Selector(
        kind,
        sqlite=providers.Singleton(SqliteBulkViews, database),
        postgres=providers.Singleton(PostgresBulkViews, database),
    )
    sets = providers.Singleton(
        BulkSets, journal=journal, bulks=bulk_views, selection=selection, clock=clock, ids=ids
    )
    runner = providers.Singleton(
        BulkRunner,
        journal=journal,
        bulks=bulk_views,
        sets=sets,
        selection=selection,
        homes=homes,
        registry=registry,
        commands=commands,
        bus=bus,
        clock=clock,
        notices=notices,
        replica_id=me.provided.id,
    )
    previews = providers.Singleton(
        BulkPreviews, sets=sets, views=views, registry=registry, clock=clock
    )
    bulks = providers.Singleton(
        Bulks,
        log=log,
        bulks=bulk_views,
        views=views,
        sets=sets,
        previews=previews,
        commands=commands,
        runner=runner,
        bus=bus,
        clock=clock,
        ids=ids,
        replica_id=me.provided.id,
    )
