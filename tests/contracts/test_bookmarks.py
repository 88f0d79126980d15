from __future__ import annotations

import asyncio

from taskdeck.domain.bookmarks import Bookmark
from taskdeck.domain.ids import ProjectId, UserId

from ..builders import PROJECT
from .conftest import Stores

ANNA, BERT = UserId("anna"), UserId("bert")
MINE = Bookmark("Mine", "state=failed")
ODD = Bookmark("ä / 100 % 'x'", "q=a%20b&columns=state%2Cname")


async def test_bookmarks_are_kept_by_name(stores: Stores) -> None:
    for bookmark in (ODD, MINE):
        await stores.bookmarks.keep(PROJECT, ANNA, bookmark)
    assert list(await stores.bookmarks.all_of(PROJECT, ANNA)) == [MINE, ODD]


async def test_one_of_the_same_name_is_replaced(stores: Stores) -> None:
    await stores.bookmarks.keep(PROJECT, ANNA, MINE)
    changed = Bookmark("Mine", "state=started")
    await stores.bookmarks.keep(PROJECT, ANNA, changed)
    assert list(await stores.bookmarks.all_of(PROJECT, ANNA)) == [changed]


async def test_each_user_has_their_own_in_each_project(stores: Stores) -> None:
    other = ProjectId("other")
    await stores.bookmarks.keep(PROJECT, ANNA, MINE)
    for project, user in ((PROJECT, BERT), (other, ANNA)):
        assert not await stores.bookmarks.all_of(project, user)
        assert not await stores.bookmarks.forget(project, user, "Mine")
    assert list(await stores.bookmarks.all_of(PROJECT, ANNA)) == [MINE]


async def test_what_was_forgotten_is_gone(stores: Stores) -> None:
    await stores.bookmarks.keep(PROJECT, ANNA, MINE)
    await stores.bookmarks.keep(PROJECT, ANNA, ODD)
    assert await stores.bookmarks.forget(PROJECT, ANNA, ODD.name)
    assert not await stores.bookmarks.forget(PROJECT, ANNA, ODD.name)
    assert list(await stores.bookmarks.all_of(PROJECT, ANNA)) == [MINE]


async def test_no_more_are_kept_than_a_user_may_have(stores: Stores) -> None:
    async def keep(name: str, user: UserId = ANNA) -> bool:
        return await stores.bookmarks.keep(PROJECT, user, Bookmark(name, "a"), most=3)

    told = await asyncio.gather(*(keep(f"view {number}") for number in range(8)))
    assert sum(told) == 3
    kept = await stores.bookmarks.all_of(PROJECT, ANNA)
    assert len(kept) == 3
    assert await keep(kept[0].name), "one that is there is replaced"
    assert not await keep("one more")
    assert await keep("view 0", BERT)
    await stores.bookmarks.forget(PROJECT, ANNA, kept[0].name)
    assert await keep("one more")
