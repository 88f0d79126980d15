"""Any port, with the faults of a script around its calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast

from taskdeck.domain.errors import StoreUnavailable, TaskdeckError

from .script import Fault, Script

PortT = TypeVar("PortT")


def around(port: PortT, script: Script) -> PortT:
    """The same port, whose calls go wrong as the script says.

    Coroutines fail with StoreUnavailable. Of other methods only those without a result, such as
    `Bus.publish`, are harmed: they are lost, doubled or put off. The rest passes untouched.
    """
    return cast(PortT, _Around(port, script))


class _Around:
    def __init__(self, port: object, script: Script) -> None:
        self._port = port
        self._script = script

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._port, name)
        if iscoroutinefunction(attribute):
            return partial(self._answered, name, attribute)
        if callable(attribute) and attribute.__annotations__["return"] == "None":
            return partial(self._unanswered, name, attribute)
        return attribute

    async def _answered(
        self, name: str, call: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any
    ) -> Any:
        fault = self._script.next(name)
        if fault is Fault.FAIL_BEFORE:
            raise StoreUnavailable
        if fault is Fault.DELAY:
            for _ in range(self._script.delay()):
                await asyncio.sleep(0)
        answer = await call(*args, **kwargs)
        if fault is Fault.DO_THEN_FAIL:
            raise StoreUnavailable
        if fault is Fault.DOUBLE:
            with suppress(TaskdeckError):
                await call(*args, **kwargs)
        return answer

    def _unanswered(self, name: str, call: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        match self._script.next(name):
            case Fault.FAIL_BEFORE:
                return
            case Fault.DELAY:
                self._put_off(self._script.delay(), partial(call, *args, **kwargs))
            case Fault.DOUBLE:
                call(*args, **kwargs)
                call(*args, **kwargs)
            case Fault.NONE | Fault.DO_THEN_FAIL:
                call(*args, **kwargs)

    def _put_off(self, turns: int, call: Callable[[], None]) -> None:
        if turns == 0:
            call()
        else:
            asyncio.get_running_loop().call_soon(self._put_off, turns - 1, call)
