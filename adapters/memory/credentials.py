"""Password hashes in memory."""

from __future__ import annotations

from ...domain.ids import UserId


class MemoryCredentials:
    """Satisfies `Credentials`."""

    def __init__(self) -> None:
        self._hashes: dict[UserId, str] = {}

    async def password_of(self, user_id: UserId) -> str | None:
        return self._hashes.get(user_id)

    async def set_password(self, user_id: UserId, password_hash: str) -> None:
        self._hashes[user_id] = password_hash

    async def replace_password(self, user_id: UserId, old: str, new: str) -> bool:
        if self._hashes.get(user_id) != old:
            return False
        self._hashes[user_id] = new
        return True
