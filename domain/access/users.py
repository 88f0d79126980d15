"""Users: people who log in, with a role in each of their projects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..ids import ProjectId, UserId
from ..instants import Instant
from ..journal import Recorded
from .roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Never deleted, for the journal names them. Password hashes are not here: `ports/credentials.py`.

    `version` is the number of entries it was folded from.
    """

    id: UserId
    username: str
    name: str
    instance_admin: bool
    created_at: Instant
    version: int
    disabled_at: Instant | None = None
    roles: Mapping[ProjectId, Role] = field(default_factory=dict)

    @property
    def stream(self) -> str:
        return f"user:{self.id}"

    @property
    def actor(self) -> str:
        """As the journal names who decided."""
        return self.stream


def fold_user(user: User | None, recorded: Recorded) -> User | None:
    """None for an entry that is not one of a user."""
    entry, data = recorded.entry, recorded.entry.data
    if entry.kind == "user.created":
        return User(
            id=UserId(data["id"]),
            username=data["username"],
            name=data["name"],
            instance_admin=data["instance_admin"],
            created_at=entry.at,
            version=recorded.version,
        )
    if user is None:
        return None
    user = replace(user, version=recorded.version)
    match entry.kind:
        case "user.changed":
            admin = data.get("instance_admin", user.instance_admin)
            return replace(user, name=data.get("name", user.name), instance_admin=admin)
        case "user.disabled":
            return replace(user, disabled_at=entry.at)
        case "user.enabled":
            return replace(user, disabled_at=None)
        case "user.password_changed":
            return user
        case "member.granted":
            return replace(user, roles={**user.roles, entry.project_id: Role(data["role"])})
        case "member.withdrawn":
            left = {place: role for place, role in user.roles.items() if place != entry.project_id}
            return replace(user, roles=left)
        case _:
            return None


def user_to_data(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "instance_admin": user.instance_admin,
        "created_at": user.created_at,
        "version": user.version,
        "disabled_at": user.disabled_at,
        "roles": {project_id: role.value for project_id, role in user.roles.items()},
    }


def user_from_data(data: Mapping[str, Any]) -> User:
    roles = {ProjectId(place): Role(role) for place, role in data["roles"].items()}
    return User(**{**data, "roles": roles})
