"""Password hashes in SQLite."""

from __future__ import annotations

from ...domain.ids import UserId
from .database import SqliteDatabase
from .statements import statements

_SQL = statements("people")


class SqliteCredentials:
    """Satisfies `Credentials`."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def password_of(self, user_id: UserId) -> str | None:
        rows = await self._database.fetch(_SQL["password_of"], (user_id,))
        return rows[0][0] if rows else None

    async def set_password(self, user_id: UserId, password_hash: str) -> None:
        async with self._database.transaction() as transaction:
            await transaction.execute(_SQL["set_password"], (user_id, password_hash))

    async def replace_password(self, user_id: UserId, old: str, new: str) -> bool:
        wanted = {"user_id": user_id, "old": old, "new": new}
        async with self._database.transaction() as transaction:
            return await transaction.execute(_SQL["replace_password"], wanted) > 0
