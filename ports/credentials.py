"""Password hashes of users."""

from __future__ import annotations

from typing import Protocol

from ..domain.ids import UserId


class Credentials(Protocol):
    """Hashes can be guessed at for ever by whoever reads them. So they are no part of the journal,
    which is audited, exported and kept; it says only that a password changed. A replay leaves them
    alone. Every change is durable when its call returns.
    """

    async def password_of(self, user_id: UserId) -> str | None: ...

    async def set_password(self, user_id: UserId, password_hash: str) -> None: ...

    async def replace_password(self, user_id: UserId, old: str, new: str) -> bool:
        """Put `new` where `old` still is; tells whether it did."""
        ...
