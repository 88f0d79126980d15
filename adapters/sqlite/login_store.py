"""Sessions of users in SQLite."""

from __future__ import annotations

from ...domain.ids import LoginId, UserId
from ...domain.instants import Instant
from ...domain.logins import Login
from .database import SqliteDatabase
from .statements import statements

_SQL = statements("people")


class SqliteLoginStore:
    """Satisfies `LoginStore`."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def add(self, login: Login, token_hash: bytes) -> None:
        await self._change(
            "add_login",
            (login.id, token_hash, login.user_id, login.opened_at, login.seen_at, login.address),
        )

    async def find(self, token_hash: bytes) -> Login | None:
        for login_id, user_id, opened_at, seen_at, address in await self._database.fetch(
            _SQL["find_login"], (token_hash,)
        ):
            return Login(
                id=login_id, user_id=user_id, opened_at=opened_at, seen_at=seen_at, address=address
            )
        return None

    async def touch(self, login_id: LoginId, at: Instant) -> None:
        await self._change("touch_login", {"id": login_id, "at": at})

    async def remove(self, login_id: LoginId) -> bool:
        return await self._change("remove_login", (login_id,)) > 0

    async def remove_all_of(
        self, user_id: UserId, *, but: LoginId | None = None
    ) -> tuple[LoginId, ...]:
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch(
                _SQL["remove_logins_of"], {"user_id": user_id, "but": but}
            )
        return tuple(row[0] for row in rows)

    async def prune(self, *, opened_before: Instant, seen_before: Instant) -> int:
        bounds = {"opened_before": opened_before, "seen_before": seen_before}
        return await self._change("prune_logins", bounds)

    async def _change(self, statement: str, parameters: object) -> int:
        async with self._database.transaction() as transaction:
            return await transaction.execute(_SQL[statement], parameters)
