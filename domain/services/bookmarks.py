"""What a user keeps under a name."""

from __future__ import annotations

from collections.abc import Sequence

from ...ports.bookmarks import BookmarkStore
from ..access import Caller, Project, User
from ..bookmarks import MOST, Bookmark
from ..errors import Conflict, Forbidden, NotFound
from ..ids import UserId


class Bookmarks:
    """An API key is nobody's: it has none, and keeps none."""

    def __init__(self, store: BookmarkStore) -> None:
        self._store = store

    async def all_of(self, project: Project, caller: Caller) -> Sequence[Bookmark]:
        match caller.who:
            case User(id=user_id):
                return await self._store.all_of(project.id, user_id)
            case _:
                return ()

    async def keep(self, project: Project, caller: Caller, bookmark: Bookmark) -> None:
        """Raises Forbidden for a key, Conflict for too many."""
        if not await self._store.keep(project.id, _user_of(caller), bookmark):
            raise Conflict(f"There are {MOST} bookmarks, and no more are kept: delete one first.")

    async def forget(self, project: Project, caller: Caller, name: str) -> None:
        """Raises Forbidden for a key, NotFound."""
        if not await self._store.forget(project.id, _user_of(caller), name):
            raise NotFound(f"There is no bookmark {name!r} of yours in this project.")


def _user_of(caller: Caller) -> UserId:
    match caller.who:
        case User(id=user_id):
            return user_id
        case _:
            raise Forbidden("Bookmarks are a user's: an API key has none.")
