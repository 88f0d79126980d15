"""Composition: the only place that names concrete adapters."""

from __future__ import annotations

from importlib.metadata import version

from dependency_injector import containers, providers

from ...adapters.argon2.passwords import Argon2Passwords
from ...adapters.local.bus import LocalBus
from ...adapters.local.registry import LocalRegistry
from ...adapters.postgres.clock import DatabaseClock
from ...adapters.postgres.registry import PostgresRegistry
from ...adapters.prometheus.metrics import PrometheusMetrics
from ...adapters.system.clock import SystemClock
from ...adapters.system.ids import SystemIds
from ...adapters.system.notices import LoggedNotices
from ...adapters.wire import OrjsonCodec
from ...domain.services.agent_tokens import AgentTokens
from ...domain.services.agents import Agents
from ...domain.services.bookmarks import Bookmarks
from ...domain.services.calm_notices import CalmNotices
from ...domain.services.checkup import Checkup
from ...domain.services.commands import Commands
from ...domain.services.counted_notices import CountedNotices
from ...domain.services.courier import Courier
from ...domain.services.dashboards import Dashboards
from ...domain.services.decision_log import DecisionLog
from ...domain.services.dispatch import Dispatcher
from ...domain.services.exports import Exports
from ...domain.services.failures import Failures
from ...domain.services.follower import Follower
from ...domain.services.homes import Homes
from ...domain.services.ingest import Ingest
from ...domain.services.keyring import Keyring
from ...domain.services.keys import Keys
from ...domain.services.liveness import Liveness
from ...domain.services.logins import Logins
from ...domain.services.names import Names
from ...domain.services.projects import Projects
from ...domain.services.queries import Queries
from ...domain.services.recovery import Recovery
from ...domain.services.retention import Retention
from ...domain.services.session_log import SessionLog
from ...domain.services.sessions import Sessions
from ...domain.services.summing import Summing
from ...domain.services.users import Users
from .. import limits
from ..home import master_secret
from ..settings import Settings
from . import factories
from .bulk import BulkContainer
from .stores import StoresContainer


class Container(containers.DeclarativeContainer):
    """All objects of one brain. Nothing is opened here: see `server.py`."""

    settings = providers.Dependency(instance_of=Settings)
    kind = providers.Callable(lambda settings: settings.database_kind, settings)
    registry_kind = providers.Callable(lambda settings: settings.registry, settings)

    ids = providers.Singleton(SystemIds)
    metrics = providers.Singleton(
        PrometheusMetrics, version=version("taskdeck"), most_names=settings.provided.metrics_names
    )
    codec = providers.Singleton(OrjsonCodec)

    clock = providers.Selector(
        kind, sqlite=providers.Singleton(SystemClock), postgres=providers.Singleton(DatabaseClock)
    )
    calm_notices = providers.Singleton(CalmNotices, providers.Singleton(LoggedNotices), clock)
    notices = providers.Singleton(CountedNotices, calm_notices, metrics)
    stores = providers.Container(StoresContainer, settings=settings, kind=kind, clock=clock)
    database = stores.database
    event_store = stores.event_store
    journal = stores.journal
    views = stores.views
    worker_views = stores.worker_views
    directory = stores.directory
    days = stores.days
    upkeep = stores.upkeep
    diagnosis = stores.diagnosis
    credentials = stores.credentials
    login_store = stores.login_store
    passwords = providers.Singleton(Argon2Passwords)

    me = providers.Singleton(factories.this_replica, clock)
    local_bus = providers.Singleton(LocalBus)
    bus = providers.Selector(
        registry_kind,
        local=local_bus,
        postgres_notify=providers.Singleton(
            factories.postgres_bus, settings, local_bus, me, notices
        ),
    )
    registry = providers.Selector(
        registry_kind,
        local=providers.Singleton(LocalRegistry, me, clock),
        postgres_notify=providers.Singleton(PostgresRegistry, database, me, clock),
    )

    keyring = providers.Singleton(Keyring, providers.Callable(master_secret, settings))
    agent_tokens = providers.Singleton(
        AgentTokens, directory=directory, keyring=keyring, clock=clock
    )
    decision_log = providers.Singleton(DecisionLog, journal, clock)
    projects = providers.Singleton(Projects, log=decision_log, directory=directory, keyring=keyring)
    agents = providers.Singleton(
        Agents, log=decision_log, directory=directory, keyring=keyring, clock=clock, ids=ids
    )
    keys = providers.Singleton(
        Keys, log=decision_log, directory=directory, keyring=keyring, clock=clock, ids=ids
    )
    users = providers.Singleton(
        Users,
        log=decision_log,
        directory=directory,
        credentials=credentials,
        logins=login_store,
        passwords=passwords,
        keyring=keyring,
    )
    logins = providers.Singleton(
        Logins,
        log=decision_log,
        directory=directory,
        credentials=credentials,
        store=login_store,
        passwords=passwords,
        keyring=keyring,
        clock=clock,
        ids=ids,
        limits=providers.Singleton(limits.login_limits, settings),
    )
    bookmarks = providers.Singleton(Bookmarks, stores.bookmarks)
    names = providers.Singleton(Names, directory)
    queries = providers.Singleton(
        Queries,
        events=event_store,
        journal=journal,
        views=views,
        workers=worker_views,
        clock=clock,
    )
    failures = providers.Singleton(Failures, groups=stores.failure_views, views=views, clock=clock)
    exports = providers.Singleton(Exports, views=views, journal=journal)
    retention = providers.Singleton(
        Retention, upkeep=upkeep, days=days, clock=clock, notices=notices
    )
    summing = providers.Singleton(Summing, upkeep=upkeep, clock=clock, notices=notices)
    dashboards = providers.Singleton(Dashboards, views=views, bus=bus, clock=clock, notices=notices)
    ingest = providers.Singleton(
        Ingest,
        store=event_store,
        bus=bus,
        clock=clock,
        notices=notices,
        metrics=metrics,
        limits=providers.Callable(limits.batch_limits, settings),
    )
    session_log = providers.Singleton(SessionLog, journal, clock, notices)
    courier = providers.Singleton(
        Courier, views=views, keyring=keyring, clock=clock, ids=ids, replica_id=me.provided.id
    )
    dispatcher = providers.Singleton(
        Dispatcher,
        journal=journal,
        views=views,
        registry=registry,
        courier=courier,
        bus=bus,
        clock=clock,
        notices=notices,
        metrics=metrics,
    )
    homes = providers.Singleton(Homes, stores.selection, worker_views, directory)
    commands = providers.Singleton(
        Commands,
        journal=journal,
        views=views,
        registry=registry,
        homes=homes,
        dispatcher=dispatcher,
        bus=bus,
        clock=clock,
        ids=ids,
        metrics=metrics,
    )
    bulk = providers.Container(
        BulkContainer,
        kind=kind,
        database=database,
        journal=journal,
        log=decision_log,
        views=views,
        selection=stores.selection,
        homes=homes,
        registry=registry,
        commands=commands,
        bus=bus,
        clock=clock,
        ids=ids,
        notices=notices,
        me=me,
    )
    session_limits = providers.Singleton(limits.session_limits, settings)
    sessions = providers.Singleton(
        Sessions,
        tokens=agent_tokens,
        registry=registry,
        log=session_log,
        ingest=ingest,
        dispatcher=dispatcher,
        keyring=keyring,
        codec=codec,
        clock=clock,
        ids=ids,
        bus=bus,
        notices=notices,
        limits=session_limits,
        version=version("taskdeck"),
        redactor=providers.Singleton(limits.redactor, settings),
    )
    follower = providers.Singleton(
        Follower,
        journal=journal,
        sessions=sessions,
        tokens=agent_tokens,
        dispatcher=dispatcher,
        bulks=bulk.runner,
        bus=bus,
        clock=clock,
        notices=notices,
        metrics=metrics,
    )
    recovery = providers.Singleton(
        Recovery,
        workers=worker_views,
        journal=journal,
        registry=registry,
        directory=directory,
        clock=clock,
        notices=notices,
    )
    liveness = providers.Singleton(
        Liveness,
        registry=registry,
        recovery=recovery,
        sessions=sessions,
        clock=clock,
        notices=notices,
    )
    checkup = providers.Singleton(
        Checkup,
        ingest=ingest,
        sessions=sessions,
        retention=retention,
        bus=bus,
        pools=database,
        directory=directory,
        views=views,
        clock=clock,
    )
