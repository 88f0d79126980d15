"""One session a slot, and as many slots an agent as its cap allows (agent-protocol.md §10)."""

from __future__ import annotations

import asyncio

import pytest

from taskdeck.domain import close_codes
from taskdeck.domain.errors import Refused, StoreUnavailable
from taskdeck.domain.services.openings import LEAST_BURST
from taskdeck.domain.services.sessions import SessionLimits

from .brain import Brain
from .worker import Worker


async def test_a_worker_that_comes_back_replaces_its_session(brain: Brain) -> None:
    before = await brain.connect("w1")

    after = await brain.connect("w1")

    assert before.connection.closed == (close_codes.REPLACED, "replaced by a newer connection")
    assert after.connection.closed is None
    assert await brain.history(before.session) == ["opened", "closed"]
    assert await brain.history(after.session) == ["opened"]
    (known,) = await brain.registry.sessions(brain.project.id)
    assert known is after.opened.live


async def test_the_end_of_the_replaced_socket_changes_nothing(brain: Brain) -> None:
    before = await brain.connect("w1")
    after = await brain.connect("w1")

    await before.leave()

    assert len(brain.sessions) == 1
    assert await brain.history(before.session) == ["opened", "closed"]
    assert after.connection.closed is None


async def test_other_workers_of_the_agent_stay(brain: Brain) -> None:
    workers = [await brain.connect(f"w{number}") for number in range(3)]

    assert [worker.connection.closed for worker in workers] == [None] * 3
    assert len(brain.sessions) == 3


async def test_the_same_worker_id_of_another_agent_is_another_slot(brain: Brain) -> None:
    one = await brain.connect("w1")
    minted = await brain.agents.mint(brain.project, "second", "cli")
    two = await brain.connect("w1", minted=minted)

    assert (one.connection.closed, two.connection.closed) == (None, None)


async def test_agents_without_worker_id_have_one_slot_each(brain: Brain) -> None:
    minted = await brain.agents.mint(brain.project, "second", "cli")
    old = await brain.connect(None)
    other = await brain.connect(None, minted=minted)
    named = await brain.connect("w1")

    new = await brain.connect(None)

    assert old.connection.closed is not None
    assert old.connection.closed[0] == close_codes.REPLACED
    assert [each.connection.closed for each in (other, named, new)] == [None] * 3


async def test_an_agent_has_a_cap() -> None:
    async with Brain(sessions=SessionLimits(per_agent=2)).running() as brain:
        await brain.connect("w1")
        second = await brain.connect("w2")

        with pytest.raises(Refused, match="already has 2 live sessions") as refused:
            await brain.connect("w3")
        assert refused.value.close_code == close_codes.TOO_MANY

        await brain.connect("w2")
        assert second.connection.closed is not None
        assert len(brain.sessions) == 2


async def test_a_place_that_was_left_is_free_again() -> None:
    async with Brain(sessions=SessionLimits(per_agent=1)).running() as brain:
        for number in range(3):
            worker = await brain.connect(f"w{number}")
            await worker.leave()

        assert len(brain.sessions) == 0


async def test_the_cap_is_that_of_each_agent() -> None:
    async with Brain(sessions=SessionLimits(per_agent=1)).running() as brain:
        minted = await brain.agents.mint(brain.project, "second", "cli")
        await brain.connect("w1")
        await brain.connect("w1", minted=minted)

        assert len(brain.sessions) == 2


async def test_a_refused_session_leaves_no_trace() -> None:
    async with Brain(sessions=SessionLimits(per_agent=1)).running() as brain:
        await brain.connect("w1")
        await brain.log.drain()
        written = len(brain.journal.writes)

        with pytest.raises(Refused):
            await brain.connect("w2")

        await brain.log.drain()
        assert len(brain.journal.writes) == written
        assert len(await brain.registry.sessions(brain.project.id)) == 1


async def test_nobody_is_admitted_during_a_shutdown(brain: Brain) -> None:
    worker = await brain.connect("w1")

    brain.sessions.pause()

    assert worker.connection.paused
    with pytest.raises(StoreUnavailable):
        await brain.connect("w2")


async def test_a_burst_of_reconnects_leaves_one_session(brain: Brain) -> None:
    before = await brain.connect("w1")
    brain.registry.unregistering.close()
    burst = [asyncio.create_task(brain.connect("w1", settle=False)) for _ in range(3)]
    await brain.registry.unregistering.reached()

    brain.registry.unregistering.open()
    ends = await asyncio.gather(*burst, return_exceptions=True)

    (last,) = [end for end in ends if isinstance(end, Worker)]
    assert all(isinstance(end, Refused) for end in ends if end is not last)
    assert before.connection.closed is not None
    assert last.connection.closed is None
    assert [live.session_id for live in await brain.registry.sessions(brain.project.id)] == [
        last.opened.live.session_id
    ]
    assert await brain.history(last.session) == ["opened"]
    await last.leave()
    assert len(brain.sessions) == 0


async def test_a_worker_replaced_while_it_is_registered_gets_no_command(brain: Brain) -> None:
    brain.registry.registering.close()
    both = [asyncio.create_task(brain.connect("w1")) for _ in range(2)]
    for _ in both:
        await brain.registry.registering.reached()

    command = await brain.submit()
    brain.registry.registering.open()
    first, second = await asyncio.gather(*both, return_exceptions=True)

    assert isinstance(first, Refused)
    assert isinstance(second, Worker)
    assert second.orders == [command.id]
    assert len(await brain.registry.sessions(brain.project.id)) == 1


async def test_a_session_that_ends_while_the_registry_is_away_is_unregistered_later(
    brain: Brain,
) -> None:
    worker = await brain.connect("w1")
    brain.registry.unavailable = True
    await worker.leave()
    assert len(await brain.registry.sessions(brain.project.id)) == 1
    await brain.sessions.tidy()

    brain.registry.unavailable = False
    await brain.sessions.tidy()

    assert len(await brain.registry.sessions(brain.project.id)) == 0
    assert await brain.history(worker.session) == ["opened", "closed"]


async def test_who_connects_again_and_again_is_told_to_wait() -> None:
    async with Brain(sessions=SessionLimits(per_agent=10)).running() as brain:
        with pytest.raises(Refused, match="again and again") as refused:
            for number in range(LEAST_BURST + 10):
                worker = await brain.connect(f"w{number}", settle=False)
                await brain.sessions.closed(worker.opened, "gone")
        assert refused.value.close_code == close_codes.TOO_MANY
        other = await brain.agents.mint(brain.project, "other", "cli")
        await brain.connect("w1", minted=other)
        brain.clock.advance(2)
        await brain.connect("back")
