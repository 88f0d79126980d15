"""Logging in and out, and the sessions between."""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass

from ...ports.clock import Clock
from ...ports.credentials import Credentials
from ...ports.directory import Directory
from ...ports.ids import IdSource
from ...ports.login_store import LoginStore
from ...ports.passwords import Passwords, Verdict
from ..access import Caller, User, hash_token
from ..access.names import normal_password
from ..errors import Unauthenticated
from ..ids import INSTALLATION, LoginId
from ..logins import Login, LoginLimits
from .decision_log import DecisionLog
from .keyring import Keyring

WRONG = "Wrong username or password."
MAX_USERNAME = 64


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session with the token that the browser keeps."""

    user: User
    token: str


class Logins:
    """A session's token is random and kept hashed. Second factors and identity providers would end
    in `open`, as passwords do.
    """

    def __init__(
        self,
        *,
        log: DecisionLog,
        directory: Directory,
        credentials: Credentials,
        store: LoginStore,
        passwords: Passwords,
        keyring: Keyring,
        clock: Clock,
        ids: IdSource,
        limits: LoginLimits,
    ) -> None:
        self._log = log
        self._directory = directory
        self._credentials = credentials
        self._store = store
        self._passwords = passwords
        self._keyring = keyring
        self._clock = clock
        self._ids = ids
        self.limits = limits

    async def log_in(self, username: str, password: str, *, address: str) -> LoggedIn:
        """Raises Unauthenticated, saying the same whatever is wrong and after the same work."""
        user = await self._directory.user_by_name(username.strip().lower()[:MAX_USERNAME])
        if user is not None and user.disabled_at is not None:
            user = None
        checked = await self._checked(user, password)
        if user is None or checked is None:
            raise Unauthenticated(WRONG)
        opened = await self.open(user, address=address)
        if await self._credentials.password_of(user.id) != checked:
            # Changed since it was checked; whoever changed it could not see this session yet.
            await self.log_out(opened.token)
            raise Unauthenticated(WRONG)
        return opened

    async def open(self, user: User, *, address: str) -> LoggedIn:
        """A session of somebody who has proved who they are."""
        now = self._clock.now()
        await self._store.prune(
            opened_before=self.limits.opened_after(now), seen_before=self.limits.seen_after(now)
        )
        login = Login(
            id=LoginId(self._ids.uuid()),
            user_id=user.id,
            opened_at=now,
            seen_at=now,
            address=address,
        )
        token = self._ids.secret()
        data = {"user_id": user.id, "address": address}
        await self._log.record(
            self._log.write(_stream(login.id), 0, "login.opened", user.actor, INSTALLATION, data)
        )
        await self._store.add(login, self._hash(token))
        return LoggedIn(user, token)

    async def authenticate(self, token: str) -> Caller:
        """The user of a session. Raises Unauthenticated once it is over."""
        login = await self._store.find(self._hash(token))
        now = self._clock.now()
        if login is None or self.limits.is_over(login, now):
            raise Unauthenticated("The session is over. Log in again.")
        user = await self._directory.user(login.user_id)
        if user is None or user.disabled_at is not None:
            raise Unauthenticated("The session is over. Log in again.")
        if self.limits.is_stale(login, now):
            await self._store.touch(login.id, now)
        return Caller(who=user, login=login.id)

    async def log_out(self, token: str) -> None:
        """Harmless for a session that is over."""
        login = await self._store.find(self._hash(token))
        if login is None:
            return
        await asyncio.shield(self._end(login))

    async def confirm(self, user: User, password: str) -> None:
        """Raises Unauthenticated unless this is the user's password."""
        if await self._checked(user, password) is None:
            raise Unauthenticated("The current password is wrong.")

    def csrf_token(self, token: str) -> str:
        """What a page of this session sends along; other sites cannot know it."""
        return hmac.digest(
            self._keyring.token_secret, b"taskdeck-csrf-v1:" + token.encode(), "sha256"
        ).hex()

    async def _checked(self, user: User | None, password: str) -> str | None:
        """The hash of the password if it is right."""
        stored = None if user is None else await self._credentials.password_of(user.id)
        normal = normal_password(password)
        match await self._passwords.verify(stored, normal):
            case Verdict.RIGHT:
                return stored
            case Verdict.OUTDATED if user is not None and stored is not None:
                anew = await self._passwords.hash(normal)
                replaced = await self._credentials.replace_password(user.id, stored, anew)
                return anew if replaced else stored
            case _:
                return None

    async def _end(self, login: Login) -> None:
        if await self._store.remove(login.id):
            data = {"user_id": login.user_id}
            await self._log.record(
                self._log.write(
                    _stream(login.id), 1, "login.ended", f"user:{login.user_id}", INSTALLATION, data
                )
            )

    def _hash(self, token: str) -> bytes:
        return hash_token(self._keyring.token_secret, token)


def _stream(login_id: LoginId) -> str:
    return f"login:{login_id}"
