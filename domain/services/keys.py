"""API keys: made, shown once, kept hashed, revoked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...ports.clock import Clock
from ...ports.directory import Directory
from ...ports.ids import IdSource
from ..access import Caller, KeyRecord, Project, Role, checked_name, hash_token
from ..errors import InvalidInput, NotFound, Unauthenticated
from ..ids import INSTALLATION, KeyId
from ..instants import Instant
from ..journal import Write
from .decision_log import DecisionLog
from .keyring import Keyring

KEY_PREFIX = "tdk_"


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new API key; it cannot be read again."""

    record: KeyRecord
    key: str


class Keys:
    def __init__(
        self,
        *,
        log: DecisionLog,
        directory: Directory,
        keyring: Keyring,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._log = log
        self._directory = directory
        self._keyring = keyring
        self._clock = clock
        self._ids = ids

    async def create(
        self,
        name: str,
        role: Role,
        actor: str,
        *,
        project: Project | None = None,
        expires_at: Instant | None = None,
    ) -> CreatedKey:
        """Without a project the role holds in every one. Raises InvalidInput."""
        if expires_at is not None and expires_at <= self._clock.now():
            raise InvalidInput("expires_at must lie in the future", field="expires_at")
        key_id = KeyId(self._ids.uuid())
        key = KEY_PREFIX + self._ids.secret()
        data = {
            "id": key_id,
            "name": checked_name(name),
            "role": role.value,
            "prefix": key[: len(KEY_PREFIX) + 6],
            "key_hash": self._hash(key).hex(),
            "expires_at": expires_at,
        }
        filed = project.id if project is not None else INSTALLATION
        await self._log.record(
            self._log.write(f"key:{key_id}", 0, "key.created", actor, filed, data)
        )
        return CreatedKey(await self.one(key_id), key)

    async def one(self, key_id: KeyId) -> KeyRecord:
        """Raises NotFound."""
        record = await self._directory.key(key_id)
        if record is None:
            raise NotFound(f"There is no API key {key_id}.")
        return record

    async def all(self) -> Sequence[KeyRecord]:
        return await self._directory.keys()

    async def seen_by(self, caller: Caller) -> list[KeyRecord]:
        """Those that the caller may revoke."""
        return [each for each in await self.all() if administers(caller, each)]

    async def revoke(self, key_id: KeyId, actor: str) -> KeyRecord:
        """Raises NotFound; revoking twice is the same as once."""

        async def decide() -> Write | None:
            key = await self.one(key_id)
            if key.revoked_at is not None:
                return None
            filed = key.project_id or INSTALLATION
            return self._log.write(key.stream, key.version, "key.revoked", actor, filed)

        await self._log.settle(decide)
        return await self.one(key_id)

    async def authenticate(self, key: str) -> Caller:
        """Whose API key this is. Raises Unauthenticated."""
        record = await self._directory.key_by_hash(self._hash(key))
        if record is None or not record.valid_at(self._clock.now()):
            raise Unauthenticated("Unknown, expired or revoked API key. See: taskdeck keys list.")
        return Caller(who=record)

    def _hash(self, key: str) -> bytes:
        return hash_token(self._keyring.token_secret, key)


def administers(caller: Caller, key: KeyRecord) -> bool:
    """Whether the caller may see and revoke this key."""
    if key.project_id is None:
        return caller.instance_admin
    return caller.role_in(key.project_id) is Role.ADMIN
