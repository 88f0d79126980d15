"""Appends that come while one is under way, gathered for the next transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ...domain.errors import StoreRejected, VersionConflict
from ...domain.journal import Recorded, Write

Result: TypeAlias = tuple[Recorded, ...] | VersionConflict
AppendAll: TypeAlias = Callable[[Sequence[Sequence[Write]]], Awaitable[Sequence[Result]]]


@dataclass(slots=True, eq=False)
class _Request:
    writes: Sequence[Write]
    answer: asyncio.Future[tuple[Recorded, ...]]


class AppendGroup:
    """Each append is atomic for itself; only the commit is shared.

    `append_all` makes the appends of one transaction, in order; those at a wrong version are left
    out and answered with their VersionConflict.
    """

    def __init__(self, append_all: AppendAll) -> None:
        self._append_all = append_all
        self._waiting: list[_Request] = []
        self._turn = asyncio.Lock()

    async def append(self, writes: Sequence[Write]) -> tuple[Recorded, ...]:
        request = _Request(writes, asyncio.get_running_loop().create_future())
        self._waiting.append(request)
        try:
            async with self._turn:
                if not request.answer.done():
                    # A caller that is cancelled takes nobody else's append with it.
                    await asyncio.shield(asyncio.create_task(self._commit(self._take())))
            return await request.answer
        except asyncio.CancelledError:
            request.answer.cancel()
            raise

    def _take(self) -> Sequence[_Request]:
        taken, self._waiting = self._waiting, []
        return [request for request in taken if not request.answer.done()]

    async def _commit(self, requests: Sequence[_Request]) -> None:
        try:
            results = await self._append_all([request.writes for request in requests])
        except StoreRejected as error:
            if len(requests) == 1:
                _fail(requests, error)
                return
            for request in requests:
                await self._commit([request])
        except Exception as error:
            # Whatever it is, nobody must wait for ever.
            _fail(requests, error)
        else:
            for request, result in zip(requests, results, strict=True):
                _answer(request, result)


def _answer(request: _Request, result: Result) -> None:
    if isinstance(result, VersionConflict):
        _fail([request], result)
    elif not request.answer.done():
        request.answer.set_result(result)


def _fail(requests: Sequence[_Request], error: Exception) -> None:
    for request in requests:
        if not request.answer.done():
            request.answer.set_exception(error)
