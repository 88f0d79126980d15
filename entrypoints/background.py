"""What a brain does besides answering, as long as it runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

ASK_AGAIN_SECONDS = 0.5

log = logging.getLogger("taskdeck")


class BackgroundLoops:
    """Loops that end with the block. If one of them fails, the brain stops: it never runs half alive."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None

    def start(self, loop: Callable[[], Awaitable[None]]) -> None:
        async def guarded() -> None:
            await loop()

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def __aenter__(self) -> BackgroundLoops:
        return self

    async def __aexit__(self, *_: object) -> None:
        running = self._tasks
        while running:
            for task in running:
                task.cancel()
            # `wait_for` of Python 3.11 forgets a cancelling that comes with what it waits for.
            running = (await asyncio.wait(running, timeout=ASK_AGAIN_SECONDS))[1]
        if self._failure is not None:
            raise self._failure

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            self._failure = self._failure or task.exception()
            log.critical("a background loop failed; the brain stops", exc_info=task.exception())
            self._stop.set()
