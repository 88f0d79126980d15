"""Users and their roles in projects."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...ports.credentials import Credentials
from ...ports.directory import Directory
from ...ports.login_store import LoginStore
from ...ports.passwords import Passwords
from ..access import Project, Role, User, checked_name
from ..access.names import checked_password, checked_username
from ..errors import Conflict, NotFound, Unauthenticated, VersionConflict
from ..ids import INSTALLATION, LoginId, ProjectId, UserId
from ..journal import Write
from .decision_log import DecisionLog
from .keyring import Keyring

SETUP = "installation:setup"
"""The stream of the first user's making, by which two that want to be first meet."""
LINK_USED = "This set-up link is not valid, or was used already."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    username: str
    password: str
    name: str | None = None
    """None: the username."""
    instance_admin: bool = False


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A user that is yet to be written down."""

    user_id: UserId
    username: str
    hashed: str
    write: Write


class Users:
    """What is journaled comes first, then its effect: a crash between them leaves a user without a
    password, or a password that did not change yet, and never a change that nobody wrote down.
    """

    def __init__(
        self,
        *,
        log: DecisionLog,
        directory: Directory,
        credentials: Credentials,
        logins: LoginStore,
        passwords: Passwords,
        keyring: Keyring,
    ) -> None:
        self._log = log
        self._directory = directory
        self._credentials = credentials
        self._logins = logins
        self._passwords = passwords
        self._keyring = keyring

    async def all(self) -> Sequence[User]:
        return await self._directory.users()

    async def one(self, user_id: UserId) -> User:
        """Raises NotFound."""
        user = await self._directory.user(user_id)
        if user is None:
            raise NotFound(f"There is no user {user_id}.")
        return user

    async def meant(self, text: str) -> User:
        """The user of an id or a username: who runs a project knows names only. Raises NotFound."""
        user = await self._directory.user(UserId(text))
        user = user or await self._directory.user_by_name(text.strip().lower())
        if user is None:
            raise NotFound(f"There is no user {text!r}.")
        return user

    async def setup_is_open(self) -> bool:
        """Whether there has never been a user."""
        return not await self._log.read(SETUP)

    async def set_up(self, token: str, new: NewUser) -> User:
        """Make the first user, an instance administrator, with the token that the brain printed.

        Raises Unauthenticated for another token, and once there is a user.
        """
        if not self._keyring.is_setup_token(token) or not await self.setup_is_open():
            raise Unauthenticated(LINK_USED)
        prepared = await self._prepare(new, "setup")
        try:
            # Closed by whoever was first; the token is one for all.
            await self._log.record(prepared.write, self._close_setup("setup"))
        except VersionConflict:
            raise Unauthenticated(LINK_USED) from None
        return await self._give_password(prepared)

    async def create(self, new: NewUser, actor: str) -> User:
        """Raises InvalidInput; Conflict if the name is taken."""
        prepared = await self._prepare(new, actor)
        writes = [prepared.write]
        if await self.setup_is_open():
            writes.append(self._close_setup(actor))
        try:
            await self._log.record(*writes)
        except VersionConflict:
            raise Conflict(
                f"There already is a user {prepared.username!r}, or was just made."
            ) from None
        return await self._give_password(prepared)

    async def change(self, user_id: UserId, actor: str, changes: Mapping[str, Any]) -> User:
        """`changes` are of `name` and `instance_admin`. Raises NotFound, InvalidInput, Conflict."""
        if "name" in changes:
            changes = {**changes, "name": checked_name(changes["name"])}

        async def decide() -> Write | None:
            user = await self.one(user_id)
            new = {
                field: value for field, value in changes.items() if getattr(user, field) != value
            }
            if new.get("instance_admin") is False:
                await self._check_others(user)
            return self._of(user, "user.changed", actor, new) if new else None

        await self._log.settle(decide)
        return await self.one(user_id)

    async def disable(self, user_id: UserId, actor: str) -> User:
        """End the user's sessions and let nobody log in. Raises NotFound, Conflict."""

        async def decide() -> Write | None:
            user = await self.one(user_id)
            if user.disabled_at is not None:
                return None
            await self._check_others(user)
            return self._of(user, "user.disabled", actor)

        await self._log.settle(decide)
        await self._logins.remove_all_of(user_id)
        return await self.one(user_id)

    async def enable(self, user_id: UserId, actor: str) -> User:
        """Raises NotFound."""

        async def decide() -> Write | None:
            user = await self.one(user_id)
            return None if user.disabled_at is None else self._of(user, "user.enabled", actor)

        await self._log.settle(decide)
        return await self.one(user_id)

    async def set_password(
        self, user_id: UserId, password: str, actor: str, *, keep: LoginId | None = None
    ) -> User:
        """Give a user another password; it ends all sessions but one. Raises NotFound, InvalidInput."""
        hashed = await self._passwords.hash(
            checked_password(password, (await self.one(user_id)).username)
        )

        async def decide() -> Write:
            return self._of(await self.one(user_id), "user.password_changed", actor)

        await self._log.settle(decide)
        # Somebody who hangs up now must not leave the sessions of the old password behind.
        await asyncio.shield(self._exchange(user_id, hashed, keep))
        return await self.one(user_id)

    async def members(self, project: Project) -> list[tuple[User, Role]]:
        """Who was given a role in a project; instance administrators need none."""
        users = await self.all()
        return [(user, user.roles[project.id]) for user in users if project.id in user.roles]

    async def grant(self, project: Project, user_id: UserId, role: Role, actor: str) -> User:
        """Raises NotFound."""

        async def decide() -> Write | None:
            user = await self.one(user_id)
            if user.roles.get(project.id) is role:
                return None
            data = {"user_id": user_id, "username": user.username, "role": role.value}
            return self._of(user, "member.granted", actor, data, project.id)

        await self._log.settle(decide)
        return await self.one(user_id)

    async def withdraw(self, project: Project, user_id: UserId, actor: str) -> User:
        """Raises NotFound if the user is no member."""

        async def decide() -> Write:
            user = await self._directory.user(user_id)
            if user is None or project.id not in user.roles:
                raise NotFound(f"User {user_id} is no member of this project.")
            data = {"user_id": user_id, "username": user.username}
            return self._of(user, "member.withdrawn", actor, data, project.id)

        await self._log.settle(decide)
        return await self.one(user_id)

    async def _prepare(self, new: NewUser, actor: str) -> _Prepared:
        """Raises InvalidInput. Others may do anything meanwhile: a hash takes its time."""
        username = checked_username(new.username)
        password = checked_password(new.password, username)
        name = checked_name(username if new.name is None else new.name)
        # An id that follows from the name: of two that create it at once, one is in time.
        user_id = UserId(self._keyring.id_of(f"user {username}"))
        data = {
            "id": user_id, "username": username, "name": name, "instance_admin": new.instance_admin,
        }  # fmt: skip
        hashed = await self._passwords.hash(password)
        write = self._log.write(f"user:{user_id}", 0, "user.created", actor, INSTALLATION, data)
        return _Prepared(user_id, username, hashed, write)

    def _close_setup(self, actor: str) -> Write:
        return self._log.write(SETUP, 0, "setup.closed", actor, INSTALLATION)

    async def _give_password(self, made: _Prepared) -> User:
        await self._credentials.set_password(made.user_id, made.hashed)
        return await self.one(made.user_id)

    async def _exchange(self, user_id: UserId, hashed: str, keep: LoginId | None) -> None:
        await self._credentials.set_password(user_id, hashed)
        await self._logins.remove_all_of(user_id, but=keep)

    async def _check_others(self, leaving: User) -> None:
        """Raises Conflict if nobody else administers the installation."""
        if leaving.instance_admin and not any(
            user.instance_admin and user.disabled_at is None and user.id != leaving.id
            for user in await self.all()
        ):
            raise Conflict("This is the last instance administrator. Make another one first.")

    def _of(
        self,
        user: User,
        kind: str,
        actor: str,
        data: Mapping[str, Any] | None = None,
        project_id: ProjectId = INSTALLATION,
    ) -> Write:
        return self._log.write(user.stream, user.version, kind, actor, project_id, data)
