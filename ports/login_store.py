"""Sessions of users, shared by all replicas."""

from __future__ import annotations

from typing import Protocol

from ..domain.ids import LoginId, UserId
from ..domain.instants import Instant
from ..domain.logins import Login


class LoginStore(Protocol):
    """Sessions by the hash of their token. Not rebuilt by a replay, which leaves them alone.

    A session that was removed, on whatever replica, is not found by any call that begins later.
    """

    async def add(self, login: Login, token_hash: bytes) -> None: ...

    async def find(self, token_hash: bytes) -> Login | None: ...

    async def touch(self, login_id: LoginId, at: Instant) -> None:
        """Note that the session was used. Never goes back in time."""
        ...

    async def remove(self, login_id: LoginId) -> bool:
        """Tells whether it was there."""
        ...

    async def remove_all_of(
        self, user_id: UserId, *, but: LoginId | None = None
    ) -> tuple[LoginId, ...]:
        """Remove a user's sessions, perhaps but one; returns which."""
        ...

    async def prune(self, *, opened_before: Instant, seen_before: Instant) -> int:
        """Remove what was opened, or last seen, too long ago; returns how many."""
        ...
