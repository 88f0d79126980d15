"""Bookmarks, shared by all replicas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..domain.bookmarks import MOST, Bookmark
from ..domain.ids import ProjectId, UserId


class BookmarkStore(Protocol):
    """By project, user and name. Not rebuilt by a replay, which leaves them alone.

    What was kept or forgotten, on whatever replica, is so for every call that begins later.
    """

    async def all_of(self, project_id: ProjectId, user_id: UserId) -> Sequence[Bookmark]:
        """By name."""
        ...

    async def keep(
        self, project_id: ProjectId, user_id: UserId, bookmark: Bookmark, *, most: int = MOST
    ) -> bool:
        """One of the same name is replaced. False, and nothing is kept, where it would be one more than
        the `most` that a user has in a project, however many keep some at once."""
        ...

    async def forget(self, project_id: ProjectId, user_id: UserId, name: str) -> bool:
        """Tells whether it was there."""
        ...
