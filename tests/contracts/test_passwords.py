from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from taskdeck.adapters.argon2.passwords import Argon2Passwords, Cost
from taskdeck.adapters.memory.passwords import QuickPasswords
from taskdeck.domain.errors import Throttled
from taskdeck.ports.passwords import Passwords, Verdict

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
DEARER = Cost(memory_kib=128, passes=1, lanes=1)
ADAPTERS: dict[str, tuple[Callable[[], Passwords], Callable[[], Passwords]]] = {
    "memory": (lambda: QuickPasswords(1), lambda: QuickPasswords(2)),
    "argon2": (lambda: Argon2Passwords(CHEAP), lambda: Argon2Passwords(DEARER)),
}


@pytest.fixture(params=list(ADAPTERS))
def generations(request: pytest.FixtureRequest) -> tuple[Passwords, Passwords]:
    """As it hashed once, and as it hashes now."""
    once, now = ADAPTERS[request.param]
    return once(), now()


async def test_the_right_password_only(generations: tuple[Passwords, Passwords]) -> None:
    passwords, _ = generations
    hashed = await passwords.hash("correct horse \u00e9\0")
    assert "correct" not in hashed
    assert await passwords.verify(hashed, "correct horse \u00e9\0") is Verdict.RIGHT
    assert await passwords.verify(hashed, "correct horse") is Verdict.WRONG
    assert await passwords.verify(None, "correct horse") is Verdict.WRONG
    assert await passwords.verify("no hash", "correct horse") is Verdict.WRONG


async def test_old_hashes_are_told(generations: tuple[Passwords, Passwords]) -> None:
    once, now = generations
    hashed = await once.hash("correct horse")
    assert await now.verify(hashed, "correct horse") is Verdict.OUTDATED
    assert await now.verify(hashed, "wrong horse") is Verdict.WRONG


async def test_more_than_can_wait_are_turned_away() -> None:
    # At its real cost, for the first one must still be at work when the third one comes.
    passwords = Argon2Passwords(at_once=1, waiting=1)
    results = await asyncio.gather(
        *(passwords.hash("correct horse") for _ in range(5)), return_exceptions=True
    )
    assert [isinstance(each, Throttled) for each in results] == [False, False, True, True, True]
    assert await passwords.verify(None, "correct horse") is Verdict.WRONG


async def test_the_default_is_argon2id_of_64_mebibytes() -> None:
    hashed = await Argon2Passwords().hash("correct horse")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
