"""Bookmarks, shared by all replicas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..domain.bookmarks import Bookmark
from ..domain.ids import ProjectId, UserId


class BookmarkStore(Protocol):
    """By project, user and name. Not rebuilt by a replay, which leaves them alone.

    What was kept or forgotten, on whatever replica, is so for every call that begins later.
    """

    async def all_of(self, project_id: ProjectId, user_id: UserId) -> Sequence[Bookmark]:
        """By name."""
        ...

    async def keep(self, project_id: ProjectId, user_id: UserId, bookmark: Bookmark) -> None:
        """One of the same name is replaced."""
        ...

    async def forget(self, project_id: ProjectId, user_id: UserId, name: str) -> bool:
        """Tells whether it was there."""
        ...
