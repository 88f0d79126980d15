"""Sessions of users who are logged in."""

from __future__ import annotations

from dataclasses import dataclass

from .ids import LoginId, UserId
from .instants import SECOND, Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One browser of one user. Its token is known to the browser alone; stores keep a hash."""

    id: LoginId
    user_id: UserId
    opened_at: Instant
    seen_at: Instant
    """When it was last used, to the minute."""
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginLimits:
    idle_seconds: int = 12 * 3_600
    absolute_seconds: int = 7 * 24 * 3_600
    touch_seconds: int = 60
    """How stale `seen_at` may get: a write a minute and session, not one a request."""

    def opened_after(self, now: Instant) -> Instant:
        return now - self.absolute_seconds * SECOND

    def seen_after(self, now: Instant) -> Instant:
        return now - self.idle_seconds * SECOND

    def is_over(self, login: Login, now: Instant) -> bool:
        return login.opened_at <= self.opened_after(now) or login.seen_at <= self.seen_after(now)

    def is_stale(self, login: Login, now: Instant) -> bool:
        return login.seen_at <= now - self.touch_seconds * SECOND
