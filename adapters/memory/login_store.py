"""Sessions of users in memory."""

from __future__ import annotations

from dataclasses import replace

from ...domain.ids import LoginId, UserId
from ...domain.instants import Instant
from ...domain.logins import Login


class MemoryLoginStore:
    """Satisfies `LoginStore`."""

    def __init__(self) -> None:
        self._logins: dict[bytes, Login] = {}

    async def add(self, login: Login, token_hash: bytes) -> None:
        self._logins[token_hash] = login

    async def find(self, token_hash: bytes) -> Login | None:
        return self._logins.get(token_hash)

    async def touch(self, login_id: LoginId, at: Instant) -> None:
        for token_hash, login in self._logins.items():
            if login.id == login_id:
                self._logins[token_hash] = replace(login, seen_at=max(at, login.seen_at))

    async def remove(self, login_id: LoginId) -> bool:
        return bool(self._remove({each.id for each in self._logins.values()} & {login_id}))

    async def remove_all_of(
        self, user_id: UserId, *, but: LoginId | None = None
    ) -> tuple[LoginId, ...]:
        logins = self._logins.values()
        return self._remove({each.id for each in logins if each.user_id == user_id} - {but})

    async def prune(self, *, opened_before: Instant, seen_before: Instant) -> int:
        over = {
            each.id
            for each in self._logins.values()
            if each.opened_at < opened_before or each.seen_at < seen_before
        }
        return len(self._remove(over))

    def _remove(self, ending: set[LoginId]) -> tuple[LoginId, ...]:
        self._logins = {
            token_hash: login
            for token_hash, login in self._logins.items()
            if login.id not in ending
        }
        return tuple(ending)
