"""Whoever calls: a user who is logged in, or an API key."""

from __future__ import annotations

from dataclasses import dataclass

from ..ids import LoginId, ProjectId
from .keys import KeyRecord
from .roles import Role
from .users import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Authenticated; what it may do follows from who it is."""

    who: User | KeyRecord
    login: LoginId | None = None
    """The session of a user."""
    address: str | None = None
    """From where the request came."""

    @property
    def actor(self) -> str:
        """As the journal names who decided, and from where."""
        return self.who.stream if self.address is None else f"{self.who.stream}@{self.address}"

    @property
    def name(self) -> str:
        """For people."""
        return self.who.username if isinstance(self.who, User) else self.who.name

    @property
    def instance_admin(self) -> bool:
        """Whether it administers users, projects, and what belongs to no project."""
        match self.who:
            case User(instance_admin=admin):
                return admin
            case KeyRecord(project_id=project_id, role=role):
                return project_id is None and role is Role.ADMIN

    @property
    def reads_everything(self) -> bool:
        """Whether it may look into every project, those to come included."""
        match self.who:
            case User(instance_admin=admin):
                return admin
            case KeyRecord(project_id=project_id):
                return project_id is None

    def role_in(self, project_id: ProjectId) -> Role | None:
        """None: for this caller the project does not exist."""
        match self.who:
            case User() as user:
                return Role.ADMIN if user.instance_admin else user.roles.get(project_id)
            case KeyRecord() as key:
                return key.role if key.project_id in (None, project_id) else None
