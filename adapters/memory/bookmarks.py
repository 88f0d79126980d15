"""Bookmarks in memory."""

from __future__ import annotations

from collections.abc import Sequence

from ...domain.bookmarks import MOST, Bookmark
from ...domain.ids import ProjectId, UserId


class MemoryBookmarks:
    """Satisfies `BookmarkStore`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[ProjectId, UserId, str], Bookmark] = {}

    async def all_of(self, project_id: ProjectId, user_id: UserId) -> Sequence[Bookmark]:
        own = (project_id, user_id)
        return [self._kept[key] for key in sorted(self._kept) if key[:2] == own]

    async def keep(
        self, project_id: ProjectId, user_id: UserId, bookmark: Bookmark, *, most: int = MOST
    ) -> bool:
        own = [key for key in self._kept if key[:2] == (project_id, user_id)]
        key = (project_id, user_id, bookmark.name)
        if key not in self._kept and len(own) >= most:
            return False
        self._kept[key] = bookmark
        return True

    async def forget(self, project_id: ProjectId, user_id: UserId, name: str) -> bool:
        return self._kept.pop((project_id, user_id, name), None) is not None
