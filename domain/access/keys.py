"""API keys: credentials of programs, and of people without a browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..ids import INSTALLATION, KeyId, ProjectId
from ..instants import Instant
from ..journal import Recorded
from .roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """`prefix` is the key's readable beginning, to tell keys apart.

    `version` is the number of entries it was folded from.
    """

    id: KeyId
    name: str
    role: Role
    prefix: str
    key_hash: bytes
    project_id: ProjectId | None
    """None: the role holds in every project, and an admin's key administers the installation."""
    created_at: Instant
    created_by: str
    version: int
    expires_at: Instant | None = None
    revoked_at: Instant | None = None

    @property
    def stream(self) -> str:
        return f"key:{self.id}"

    def valid_at(self, now: Instant) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def fold_key(key: KeyRecord | None, recorded: Recorded) -> KeyRecord | None:
    """None for an entry that is not one of a key."""
    entry = recorded.entry
    match entry.kind:
        case "key.created":
            return KeyRecord(
                id=KeyId(entry.data["id"]),
                name=entry.data["name"],
                role=Role(entry.data["role"]),
                prefix=entry.data["prefix"],
                key_hash=bytes.fromhex(entry.data["key_hash"]),
                project_id=None if entry.project_id == INSTALLATION else entry.project_id,
                created_at=entry.at,
                created_by=entry.who,
                version=recorded.version,
                expires_at=entry.data.get("expires_at"),
            )
        case "key.revoked" if key is not None:
            return replace(key, revoked_at=entry.at, version=recorded.version)
        case _:
            return None


def key_to_data(key: KeyRecord) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "role": key.role.value,
        "prefix": key.prefix,
        "key_hash": key.key_hash.hex(),
        "project_id": key.project_id,
        "created_at": key.created_at,
        "created_by": key.created_by,
        "version": key.version,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
    }


def key_from_data(data: Mapping[str, Any]) -> KeyRecord:
    key_hash, role = bytes.fromhex(data["key_hash"]), Role(data["role"])
    return KeyRecord(**{**data, "key_hash": key_hash, "role": role})
