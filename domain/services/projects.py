"""Projects, and the founding of an installation."""

from __future__ import annotations

from contextlib import suppress

from ...ports.directory import Directory
from ..access import Caller, Project, checked_name
from ..access.names import checked_slug
from ..errors import ConfigurationError, Conflict, NotFound, VersionConflict
from ..ids import INSTALLATION, ProjectId
from ..journal import Write
from .decision_log import DecisionLog
from .keyring import Keyring

DEFAULT_SLUG = "default"
FOUNDING = "installation:secret"


class Projects:
    def __init__(self, *, log: DecisionLog, directory: Directory, keyring: Keyring) -> None:
        self._log = log
        self._directory = directory
        self._keyring = keyring

    async def ensure_default(self) -> Project:
        """The project `default`, made on the first start."""
        project = await self._directory.project(DEFAULT_SLUG)
        if project is not None:
            return project
        # Of replicas that start at once on an empty database, one makes it.
        with suppress(Conflict):
            return await self.create(DEFAULT_SLUG, "Default", "brain")
        return await self.one(DEFAULT_SLUG)

    async def found(self) -> bool:
        """Bind a new installation to this secret; tells whether it was new.

        Raises ConfigurationError for one that has another secret.
        """
        fact = {"fingerprint": self._keyring.fingerprint}
        try:
            await self._log.record(
                self._log.write(FOUNDING, 0, "installation.founded", "brain", INSTALLATION, fact)
            )
        except VersionConflict:
            (founded,) = await self._log.read(FOUNDING)
            if founded.entry.data != fact:
                raise ConfigurationError(
                    "This database belongs to an installation with another secret. Set Z4J_SECRET "
                    "to the one of the brains that use it; every replica needs the same."
                ) from None
            return False
        return True

    async def one(self, slug: str) -> Project:
        """Raises NotFound."""
        project = await self._directory.project(slug)
        if project is None:
            raise NotFound(f"There is no project {slug!r}.")
        return project

    async def all(self) -> list[Project]:
        return list(await self._directory.projects())

    async def slugs(self) -> dict[ProjectId, str]:
        """Of all projects, by id."""
        return {each.id: each.slug for each in await self.all()}

    async def seen_by(self, caller: Caller) -> list[Project]:
        """Those in which the caller has a role."""
        return [each for each in await self.all() if caller.role_in(each.id) is not None]

    async def create(self, slug: str, name: str, actor: str) -> Project:
        """Raises Conflict where there is one with this slug."""
        # An id that follows from the slug: of two that create it at once, one is in time.
        project_id = ProjectId(self._keyring.id_of(f"project {checked_slug(slug)}"))
        data = {"slug": slug, "name": checked_name(name)}
        try:
            await self._log.record(
                self._log.write(
                    f"project:{project_id}", 0, "project.created", actor, project_id, data
                )
            )
        except VersionConflict:
            raise Conflict(f"There already is a project {slug!r}.") from None
        return await self.one(slug)

    async def rename(self, slug: str, name: str, actor: str) -> Project:
        async def decide() -> Write | None:
            project = await self.one(slug)
            data = {"name": checked_name(name)}
            if project.name == data["name"]:
                return None
            return self._log.write(
                project.stream, project.version, "project.renamed", actor, project.id, data
            )

        await self._log.settle(decide)
        return await self.one(slug)
