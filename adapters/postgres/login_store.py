"""Sessions of users in PostgreSQL; read where they are written, so that who is out is out."""

from __future__ import annotations

from dataclasses import asdict

from ...domain.ids import LoginId, UserId
from ...domain.instants import Instant
from ...domain.logins import Login
from .database import PostgresDatabase
from .statements import statements

_SQL = statements("people")


class PostgresLoginStore:
    """Satisfies `LoginStore`."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._connections = database.decisions

    async def add(self, login: Login, token_hash: bytes) -> None:
        async with self._connections.transaction() as transaction:
            row = {**asdict(login), "token_hash": token_hash}
            await transaction.execute(_SQL["add_login"], row)

    async def find(self, token_hash: bytes) -> Login | None:
        rows = await self._connections.fetch(_SQL["find_login"], {"token_hash": token_hash})
        for login_id, user_id, opened_at, seen_at, address in rows:
            return Login(
                id=login_id, user_id=user_id, opened_at=opened_at, seen_at=seen_at, address=address
            )
        return None

    async def touch(self, login_id: LoginId, at: Instant) -> None:
        async with self._connections.transaction() as transaction:
            await transaction.execute(_SQL["touch_login"], {"id": login_id, "at": at})

    async def remove(self, login_id: LoginId) -> bool:
        return bool(await self._connections.fetch(_SQL["remove_login"], {"id": login_id}))

    async def remove_all_of(
        self, user_id: UserId, *, but: LoginId | None = None
    ) -> tuple[LoginId, ...]:
        wanted = {"user_id": user_id, "but": but}
        rows = await self._connections.fetch(_SQL["remove_logins_of"], wanted)
        return tuple(row[0] for row in rows)

    async def prune(self, *, opened_before: Instant, seen_before: Instant) -> int:
        bounds = {"opened_before": opened_before, "seen_before": seen_before}
        return len(await self._connections.fetch(_SQL["prune_logins"], bounds))
