"""What a home needs before anything else: the default project, and a key to begin with."""

from __future__ import annotations

from pathlib import Path

from ..domain.access import Role
from ..domain.services.keys import Keys
from ..domain.services.projects import Projects
from .home import CLI_KEY_FILE, write_private


async def prepare(projects: Projects, keys: Keys, home: Path) -> str | None:
    """Make what is missing: project `default`, a first admin key, the command line's own key.

    Returns the first key, to be shown once; None for an installation that had it before. Raises
    ConfigurationError if the database belongs to an installation with another secret.
    """
    await projects.ensure_default()
    first = await keys.create("first key", Role.ADMIN, "brain") if await projects.found() else None
    if not (home / CLI_KEY_FILE).exists():
        created = await keys.create("command line", Role.ADMIN, "brain")
        write_private(home / CLI_KEY_FILE, created.key)
    return first.key if first is not None else None
