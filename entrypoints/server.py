"""One brain: opened in order, run until a signal, drained and closed in reverse."""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from importlib.metadata import version

from aiohttp import web

from ..domain.errors import StoreUnavailable
from .background import BackgroundLoops
from .container import Container
from .first_start import prepare
from .home import CLI_KEY_FILE, ensure_home, locked
from .http.malformed import SERVER_LOG
from .link_wheel import LinkWheel
from .listening import address, listen
from .logs import log_as_asked
from .settings import Settings
from .web import build_app

DRAIN_SECONDS = 7.0
TICK_SECONDS = 1.0
HTTP_IDLE_SECONDS = 75.0
"""How long a connection may stay without a whole request: idle, or with headers that never end."""
SWITCH_INTERVAL = 0.0005
"""The database thread asks for the interpreter's lock a few times a batch; at Python's default of
5 ms it would wait for the busy event loop longer than SQLite works."""
GARBAGE_THRESHOLDS = (20_000, 20, 20)
"""Events are trees of fresh containers and hardly ever cyclic: at Python's default the collector
would go through a batch a dozen times, a seventh of the event loop's time."""

log = logging.getLogger("taskdeck")


async def serve(settings: Settings, *, on_ready: Callable[[str], None] = print) -> None:
    """Run a brain until SIGTERM or SIGINT. Raises ConfigurationError, StoreUnavailable."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    stop = stop_on_signals()
    _stop_with_supervisor(stop)
    async with AsyncExitStack() as stack:
        ensure_home(settings.home)
        if not settings.on_postgres:
            stack.enter_context(locked(settings.home))
        await run(Container(settings=settings), stack, stop, on_ready)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _stop_with_supervisor(stop: asyncio.Event) -> None:
    supervisor = multiprocessing.parent_process()
    if supervisor is None:
        return
    loop, sentinel = asyncio.get_running_loop(), supervisor.sentinel

    def stop_once() -> None:
        # What is readable now stays so.
        loop.remove_reader(sentinel)
        stop.set()

    loop.add_reader(sentinel, stop_once)


async def run(
    container: Container,
    stack: AsyncExitStack,
    stop: asyncio.Event,
    on_ready: Callable[[str], None],
) -> None:
    """Open everything onto the stack, wait for `stop`, then drain."""
    settings = container.settings()
    database = container.database()
    await database.open()
    stack.push_async_callback(database.close)
    await _make_room(container)
    await container.registry().beat()
    stack.push_async_callback(_leave, container)
    await _greet(container, on_ready)
    await container.follower().start()
    await container.recovery().close_abandoned()
    await container.dispatcher().load()

    wheel = LinkWheel(container.clock())
    loops = await stack.enter_async_context(BackgroundLoops(stop))
    for loop in (
        container.bus().run,
        container.ingest().run,
        container.session_log().run,
        container.dispatcher().run,
        container.follower().run,
        container.bulk.runner().run,
        container.liveness().run,
        container.dashboards().run,
        container.retention().run,
        container.summing().run,
        lambda: _tick(container, wheel),
    ):
        loops.start(loop)

    runner = web.AppRunner(
        build_app(container, wheel),
        access_log=None,
        logger=SERVER_LOG,
        shutdown_timeout=1.0,
        keepalive_timeout=HTTP_IDLE_SECONDS,
        # A kilobyte can unpack to a megabyte of work, for whoever asks.
        auto_decompress=False,
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = await listen(runner, settings)
    stack.push_async_callback(_drain, container, site, wheel)
    gc.freeze()
    on_ready(f"Taskdeck {version('taskdeck')} listens on {address(runner, settings)}")
    if await container.users().setup_is_open():
        # Once more at the end: what was printed before may have scrolled away.
        on_ready(
            f"Nobody can log in yet: taskdeck users create NAME --admin. An admin's API key, which the "
            f"command line uses, is in {settings.home / CLI_KEY_FILE}"
        )
    await stop.wait()
    container.checkup().draining = True
    log.info("stopping: no new connections, committing what has arrived")


async def _greet(container: Container, say: Callable[[str], None]) -> None:
    """Prepare a fresh home and show the first key, and how to become the first user."""
    settings = container.settings()
    first_key = await prepare(container.projects(), container.keys(), settings.home)
    if first_key is not None:
        say(f"First API key (admin, shown only now): {first_key}")
    if await container.users().setup_is_open():
        token = container.keyring().setup_token
        say(f"No user yet. Set one up, once: {settings.url}/setup#token={token}")
        say("or on the command line: taskdeck users create NAME --admin")
    say(f"Database {settings.database_name}, home {settings.home}")
    if settings.registry_backend == "postgres_notify" and settings.registry == "local":
        log.warning(
            "Z4J_REGISTRY_BACKEND=postgres_notify needs PostgreSQL; on SQLite there is one brain "
            "only, and the registry is local"
        )


async def _make_room(container: Container) -> None:
    """Before anybody writes: for a new database that takes seconds, and who writes would wait."""
    try:
        await container.retention().make_room()
    except StoreUnavailable as error:
        log.warning("there is no room for the next days yet: %s", error.message)


async def _leave(container: Container) -> None:
    """Tell the other replicas, who would wait for a sign of life otherwise."""
    try:
        await container.registry().leave()
    except StoreUnavailable as error:
        log.warning("the other replicas could not be told of the stop: %s", error.message)


async def _tick(container: Container, wheel: LinkWheel) -> None:
    """The one timer of all connections."""
    metrics, loop = container.metrics(), asyncio.get_running_loop()
    while True:
        due = loop.time() + TICK_SECONDS
        await container.clock().sleep(TICK_SECONDS)
        metrics.loop_late(loop.time() - due)
        container.checkup().listen()
        container.calm_notices().catch_up()
        wheel.tick(container.clock().now())
        await container.sessions().close_idle()
        await container.sessions().close_ended()


async def _drain(container: Container, site: web.TCPSite, wheel: LinkWheel) -> None:
    """Accept nothing more, commit and acknowledge what arrived, then close the sockets."""
    await site.stop()
    sessions = container.sessions()
    sessions.pause()
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            await container.ingest().drain()
            await container.dispatcher().drain()
            await sessions.close_all()
            await wheel.settled()
            await container.session_log().drain()
            await wheel.all_closed()
    except TimeoutError:
        log.error(
            "the database did not take everything in time: %d event(s) stay with their agents, "
            "which send them again",
            container.ingest().waiting,
        )
        await sessions.close_all()


def main(settings: Settings) -> None:
    """Run a brain in this process until a signal; on uvloop where that is installed."""
    log_as_asked(settings)
    say = _say if settings.workers == 1 else log.debug
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(serve(settings, on_ready=say))


def prepare_once(settings: Settings) -> None:
    """What a brain does before it listens, for several that are about to start."""

    async def work() -> None:
        ensure_home(settings.home)
        container = Container(settings=settings)
        async with AsyncExitStack() as stack:
            await container.database().open()
            stack.push_async_callback(container.database().close)
            await _greet(container, _say)

    asyncio.run(work())


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
