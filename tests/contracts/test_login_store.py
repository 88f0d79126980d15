from __future__ import annotations

from typing import Any

from taskdeck.domain.ids import LoginId, UserId
from taskdeck.domain.instants import SECOND
from taskdeck.domain.logins import Login

from ..builders import NOW
from .conftest import Stores

ANNA, BERT = UserId("anna"), UserId("bert")


def login(name: str = "l1", **changes: Any) -> Login:
    facts: dict[str, Any] = {"user_id": ANNA, "opened_at": NOW, "seen_at": NOW, "address": "::1"}
    return Login(id=LoginId(name), **facts | changes)


def token(name: str) -> bytes:
    return name.encode().ljust(32)


async def add(stores: Stores, *logins: Login) -> None:
    for each in logins:
        await stores.logins.add(each, token(each.id))


async def present(stores: Stores, *names: str) -> list[str]:
    return [name for name in names if await stores.logins.find(token(name)) is not None]


async def test_a_session_is_found_by_its_token(stores: Stores) -> None:
    await add(stores, login("l1"), login("l2", user_id=BERT))
    assert await stores.logins.find(token("l1")) == login("l1")
    assert await stores.logins.find(token("l3")) is None


async def test_use_is_noted_and_never_goes_back(stores: Stores) -> None:
    await add(stores, login())
    await stores.logins.touch(LoginId("l1"), NOW + 90 * SECOND)
    await stores.logins.touch(LoginId("l1"), NOW + 30 * SECOND)
    assert await stores.logins.find(token("l1")) == login(seen_at=NOW + 90 * SECOND)


async def test_a_removed_session_is_gone(stores: Stores) -> None:
    await add(stores, login("l1"), login("l2"))
    assert await stores.logins.remove(LoginId("l1"))
    assert not await stores.logins.remove(LoginId("l1"))
    await stores.logins.touch(LoginId("l1"), NOW)
    assert await present(stores, "l1", "l2") == ["l2"]


async def test_all_sessions_of_a_user_go_at_once_perhaps_but_one(stores: Stores) -> None:
    await add(stores, login("l1"), login("l2"), login("l3"), login("l4", user_id=BERT))
    removed = await stores.logins.remove_all_of(ANNA, but=LoginId("l2"))
    assert sorted(removed) == ["l1", "l3"]
    assert await present(stores, "l1", "l2", "l3", "l4") == ["l2", "l4"]
    assert await stores.logins.remove_all_of(ANNA) == ("l2",)
    assert await present(stores, "l2", "l4") == ["l4"]


async def test_what_is_too_old_is_pruned(stores: Stores) -> None:
    await add(
        stores,
        login("old", opened_at=NOW - 9, seen_at=NOW),
        login("idle", opened_at=NOW - 2, seen_at=NOW - 5),
        login("edge", opened_at=NOW - 8, seen_at=NOW - 4),
    )
    assert await stores.logins.prune(opened_before=NOW - 8, seen_before=NOW - 4) == 2
    assert await present(stores, "old", "idle", "edge") == ["edge"]


async def test_a_replay_leaves_sessions_alone(stores: Stores) -> None:
    await add(stores, login())
    await stores.views.reset()
    assert await present(stores, "l1") == ["l1"]
