from __future__ import annotations

import pytest

from taskdeck.domain import close_codes
from taskdeck.domain.errors import Conflict, Refused

from .brain import Brain, Shared
from .worker import Worker

OVERLAP = 3_600


def ended(worker: Worker) -> tuple[int, str] | None:
    return worker.connection.closed


async def test_both_tokens_are_good_until_the_overlap_ends(brain: Brain) -> None:
    agent_id = brain.minted.agent.id
    rotated = await brain.agents.rotate(brain.project, agent_id, "cli", overlap_seconds=OVERLAP)
    for minted in (brain.minted, rotated):
        assert (await brain.tokens.authenticate(minted.token)).agent.id == agent_id
    brain.clock.advance(OVERLAP)
    await brain.tokens.authenticate(rotated.token)
    with pytest.raises(Refused) as refused:
        await brain.tokens.authenticate(brain.minted.token)
    assert refused.value.close_code == close_codes.UNKNOWN_TOKEN


async def test_no_more_than_two_tokens_are_ever_good(brain: Brain) -> None:
    agent_id = brain.minted.agent.id
    second = await brain.agents.rotate(brain.project, agent_id, "cli", overlap_seconds=OVERLAP)
    third = await brain.agents.rotate(brain.project, agent_id, "cli", overlap_seconds=OVERLAP)
    with pytest.raises(Refused):
        await brain.tokens.authenticate(brain.minted.token)
    for minted in (second, third):
        await brain.tokens.authenticate(minted.token)


async def test_sessions_of_the_old_token_end_with_it_on_every_replica() -> None:
    shared = Shared()
    async with Brain(shared).running() as here:
        there = Brain(shared, name="r2")
        there.project, there.minted = here.project, here.minted
        await there.follower.start()
        old = await there.connect("old", settle=False)
        agent_id = here.minted.agent.id
        rotated = await here.agents.rotate(here.project, agent_id, "cli", overlap_seconds=OVERLAP)
        await there.follower.catch_up()
        new = await there.connect("new", minted=rotated, settle=False)
        late = await there.connect("late", settle=False)
        assert ended(old) is None
        shared.clock.advance(OVERLAP)
        await there.sessions.close_ended()
        assert ended(old) == (close_codes.REVOKED, "token replaced")
        assert late.connection.closed == (close_codes.REVOKED, "token replaced")
        assert new.connection.closed is None


async def test_without_an_overlap_they_end_when_the_journal_is_read(brain: Brain) -> None:
    worker = await brain.connect()
    await brain.agents.rotate(brain.project, brain.minted.agent.id, "cli", overlap_seconds=0)
    await brain.follower.catch_up()
    assert worker.connection.closed is not None


async def test_who_was_revoked_between_upgrade_and_hello_is_not_admitted(brain: Brain) -> None:
    admitted = await brain.tokens.authenticate(brain.minted.token)
    await brain.agents.revoke(brain.project, brain.minted.agent.id, "cli")
    await brain.follower.catch_up()
    with pytest.raises(Refused) as refused:
        brain.tokens.check(admitted)
    assert refused.value.close_code == close_codes.REVOKED


async def test_a_revoked_agent_gets_no_other_token(brain: Brain) -> None:
    await brain.agents.revoke(brain.project, brain.minted.agent.id, "cli")
    with pytest.raises(Conflict):
        await brain.agents.rotate(brain.project, brain.minted.agent.id, "cli")
