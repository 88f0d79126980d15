"""Several replicas of this machine on one port, and somebody who starts a dead one again."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import socket
import time
from dataclasses import dataclass, field, replace
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from .logs import log_as_asked
from .server import main, prepare_once
from .settings import Settings

LOOK_SECONDS = 0.2
STOP_SECONDS = 12.0
"""A replica drains for 7 s at most."""
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
HEALTHY_SECONDS = 20.0
"""Who lived for so long is started again at once."""

log = logging.getLogger("taskdeck")


def supervise(settings: Settings) -> None:
    """Run `settings.workers` replicas until SIGTERM or SIGINT. Raises ConfigurationError."""
    log_as_asked(settings)
    with _reserved(settings) as held:
        settings = replace(settings, bind_port=held.getsockname()[1])
        prepare_once(settings)
        Supervisor(settings).run()


def _reserved(settings: Settings) -> socket.socket:
    """The port, held by a socket that never listens; so port 0 is the same one for all replicas."""
    family = socket.AF_INET6 if ":" in settings.bind_host else socket.AF_INET
    held = socket.socket(family, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    held.bind((settings.bind_host, settings.bind_port))
    return held


@dataclass(slots=True)
class _Place:
    """One of the replicas, whichever process it is at present."""

    process: BaseProcess | None = None
    started_at: float = 0.0
    pause: float = 0.0
    start_at: float = field(default_factory=time.monotonic)


class Supervisor:
    """Replicas stop by themselves when their supervisor dies: see `server.serve`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places = [_Place() for _ in range(settings.workers)]
        self._announced = False
        self._stopping = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._stopping:
            self._start_due()
            wait([each.sentinel for each in self._running()], timeout=LOOK_SECONDS)
            self._bury()
            self._announce()
        self._end_all()

    def _announce(self) -> None:
        """Say the address as soon as one of them answers."""
        if self._announced:
            return
        host, port = self._settings.bind_host, self._settings.bind_port
        loopback = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104
        try:
            socket.create_connection((loopback.get(host, host), port), LOOK_SECONDS).close()
        except OSError:
            return
        self._announced = True
        count, url = self._settings.workers, self._settings.url
        print(f"{count} replicas listen on {url}", flush=True)  # noqa: T201

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _running(self) -> list[BaseProcess]:
        return [each.process for each in self._places if each.process is not None]

    def _start_due(self) -> None:
        now = time.monotonic()
        for place in self._places:
            if place.process is None and place.start_at <= now:
                spawn = multiprocessing.get_context("spawn")
                place.process = spawn.Process(target=main, args=(self._settings,))
                place.started_at = now
                place.process.start()

    def _bury(self) -> None:
        now = time.monotonic()
        for place in self._places:
            if place.process is None or place.process.is_alive():
                continue
            lived = now - place.started_at
            place.pause = (
                0.0
                if lived >= HEALTHY_SECONDS
                else min(max(FIRST_PAUSE, 2 * place.pause), LONGEST_PAUSE)
            )
            place.start_at = now + place.pause
            if not self._stopping:
                log.error(
                    "replica %s ended with code %s after %.0f s; it is started again in %.1f s",
                    place.process.pid, place.process.exitcode, lived, place.pause,
                )  # fmt: skip
            place.process.close()
            place.process = None

    def _end_all(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running():
            process.terminate()
        for process in self._running():
            process.join(max(0.0, deadline - time.monotonic()))
            if process.is_alive():
                log.error("replica %s did not stop in time and is killed", process.pid)
                process.kill()
                process.join()
