"""Bookmarks in PostgreSQL; read where they are written, so that what was kept is there."""

from __future__ import annotations

from collections.abc import Sequence

from ...domain.bookmarks import MOST, Bookmark
from ...domain.ids import ProjectId, UserId
from .database import PostgresDatabase
from .locks import BOOKMARKS
from .statements import statements

_SQL = statements("bookmarks")


class PostgresBookmarks:
    """Satisfies `BookmarkStore`."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._connections = database.decisions

    async def all_of(self, project_id: ProjectId, user_id: UserId) -> Sequence[Bookmark]:
        own = {"project_id": project_id, "user_id": user_id}
        rows = await self._connections.fetch(_SQL["all_of"], own)
        return [Bookmark(name, search) for name, search in rows]

    async def keep(
        self, project_id: ProjectId, user_id: UserId, bookmark: Bookmark, *, most: int = MOST
    ) -> bool:
        row = {
            "project_id": project_id, "user_id": user_id,
            "name": bookmark.name, "search": bookmark.search, "most": most,
        }  # fmt: skip
        async with self._connections.transaction() as transaction:
            await transaction.execute(_SQL["lock"], {"lock": BOOKMARKS})
            return bool(await transaction.fetch(_SQL["keep"], row))

    async def forget(self, project_id: ProjectId, user_id: UserId, name: str) -> bool:
        which = {"project_id": project_id, "user_id": user_id, "name": name}
        return bool(await self._connections.fetch(_SQL["forget"], which))
