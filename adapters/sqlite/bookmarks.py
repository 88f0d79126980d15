"""Bookmarks in SQLite."""

from __future__ import annotations

from collections.abc import Sequence

from ...domain.bookmarks import MOST, Bookmark
from ...domain.ids import ProjectId, UserId
from .database import SqliteDatabase
from .statements import statements

_SQL = statements("bookmarks")


class SqliteBookmarks:
    """Satisfies `BookmarkStore`."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def all_of(self, project_id: ProjectId, user_id: UserId) -> Sequence[Bookmark]:
        rows = await self._database.fetch(_SQL["all_of"], (project_id, user_id))
        return [Bookmark(name, search) for name, search in rows]

    async def keep(
        self, project_id: ProjectId, user_id: UserId, bookmark: Bookmark, *, most: int = MOST
    ) -> bool:
        row = {
            "project_id": project_id, "user_id": user_id,
            "name": bookmark.name, "search": bookmark.search, "most": most,
        }  # fmt: skip
        async with self._database.transaction() as transaction:
            return await transaction.execute(_SQL["keep"], row) > 0

    async def forget(self, project_id: ProjectId, user_id: UserId, name: str) -> bool:
        async with self._database.transaction() as transaction:
            return await transaction.execute(_SQL["forget"], (project_id, user_id, name)) > 0
