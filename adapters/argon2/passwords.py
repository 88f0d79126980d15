"""Passwords hashed with argon2id, in few threads of their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from ...domain.errors import Throttled
from ...ports.passwords import Verdict

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one hash takes: the second choice of RFC 9106, 64 MiB and three passes."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


class Argon2Passwords:
    """Satisfies `Passwords`. argon2 leaves the interpreter's lock alone while it works."""

    def __init__(self, cost: Cost = Cost(), *, at_once: int = 2, waiting: int = 32) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            type=Type.ID,
        )
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="argon2")
        self._room = threading.Semaphore(at_once + waiting)
        self._decoy: str | None = None

    async def hash(self, password: str) -> str:
        return await self._off_loop(lambda: self._hasher.hash(password))

    async def verify(self, password_hash: str | None, password: str) -> Verdict:
        return await self._off_loop(lambda: self._verdict(password_hash, password))

    def _verdict(self, password_hash: str | None, password: str) -> Verdict:
        if self._decoy is None:  # whoever asks first, so that its making tells nothing either
            self._decoy = self._hasher.hash("what nobody's password is")
        if password_hash is None:
            self._verdict(self._decoy, password)
            return Verdict.WRONG
        try:
            self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return Verdict.WRONG
        outdated = self._hasher.check_needs_rehash(password_hash)
        return Verdict.OUTDATED if outdated else Verdict.RIGHT

    async def _off_loop(self, work: Callable[[], T]) -> T:
        if not self._room.acquire(blocking=False):
            raise Throttled("Too many people are logging in. Try again shortly.", retry_after=2)
        future = self._threads.submit(work)
        # Not before: whoever gave up waiting still occupies a thread.
        future.add_done_callback(lambda _: self._room.release())
        return await asyncio.wrap_future(future)
