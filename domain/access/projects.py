"""Projects: the tenants of an installation."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..ids import ProjectId
from ..instants import Instant
from ..journal import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """`version` is the number of entries it was folded from."""

    id: ProjectId
    slug: str
    name: str
    created_at: Instant
    version: int

    @property
    def stream(self) -> str:
        return f"project:{self.id}"


def fold_project(project: Project | None, recorded: Recorded) -> Project | None:
    """None for an entry that is not one of a project."""
    entry = recorded.entry
    match entry.kind:
        case "project.created":
            return Project(
                id=entry.project_id,
                slug=entry.data["slug"],
                name=entry.data["name"],
                created_at=entry.at,
                version=recorded.version,
            )
        case "project.renamed" if project is not None:
            return replace(project, name=entry.data["name"], version=recorded.version)
        case _:
            return None
