from __future__ import annotations

from taskdeck.domain.ids import UserId

from .conftest import Stores

ANNA, BERT = UserId("anna"), UserId("bert")


async def test_a_user_has_the_password_set_last(stores: Stores) -> None:
    assert await stores.credentials.password_of(ANNA) is None
    await stores.credentials.set_password(ANNA, "first")
    await stores.credentials.set_password(ANNA, "second")
    assert await stores.credentials.password_of(ANNA) == "second"
    assert await stores.credentials.password_of(BERT) is None


async def test_a_password_is_replaced_only_while_it_is_the_old_one(stores: Stores) -> None:
    await stores.credentials.set_password(ANNA, "first")
    assert not await stores.credentials.replace_password(ANNA, "other", "second")
    assert await stores.credentials.password_of(ANNA) == "first"
    assert await stores.credentials.replace_password(ANNA, "first", "second")
    assert await stores.credentials.password_of(ANNA) == "second"
    assert not await stores.credentials.replace_password(BERT, "first", "second")


async def test_a_replay_leaves_passwords_alone(stores: Stores) -> None:
    await stores.credentials.set_password(ANNA, "first")
    await stores.views.reset()
    assert await stores.credentials.password_of(ANNA) == "first"
