"""Password hashes in PostgreSQL."""

from __future__ import annotations

from ...domain.ids import UserId
from .database import PostgresDatabase
from .statements import statements

_SQL = statements("people")


class PostgresCredentials:
    """Satisfies `Credentials`."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._connections = database.decisions

    async def password_of(self, user_id: UserId) -> str | None:
        rows = await self._connections.fetch(_SQL["password_of"], {"user_id": user_id})
        return rows[0][0] if rows else None

    async def set_password(self, user_id: UserId, password_hash: str) -> None:
        wanted = {"user_id": user_id, "password": password_hash}
        async with self._connections.transaction() as transaction:
            await transaction.execute(_SQL["set_password"], wanted)

    async def replace_password(self, user_id: UserId, old: str, new: str) -> bool:
        wanted = {"user_id": user_id, "old": old, "new": new}
        return bool(await self._connections.fetch(_SQL["replace_password"], wanted))
