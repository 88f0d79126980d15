"""A purge is confirmed with the queue's last known depth (agent-protocol.md §8.5)."""

from __future__ import annotations

import pytest

from taskdeck.domain.actions import OrderRequest
from taskdeck.domain.commands import CommandStatus
from taskdeck.domain.errors import Conflict

from ...builders import event
from .brain import Brain

PURGE = OrderRequest(action="purge_queue", engine="celery", parameters={"queue": "mail"})
FORCED = OrderRequest(
    action="purge_queue", engine="celery", parameters={"queue": "mail", "force": True}
)


async def measure(brain: Brain, depth: int) -> None:
    """A heartbeat told of the queue's depth."""
    measured = event(
        "queue.depth_report",
        "",
        engine="celery",
        project_id=brain.project.id,
        at=brain.clock.now(),
        queue="mail",
        depth=depth,
    )
    await brain.report(measured)


def token(brain: Brain, depth: int) -> str:
    return brain.keyring.signer(brain.project.id).purge_token("mail", depth)


async def test_it_is_confirmed_for_the_depth_when_it_is_sent(brain: Brain) -> None:
    await measure(brain, 3)
    await brain.order(PURGE)
    brain.clock.advance(1)
    await measure(brain, 5)

    worker = await brain.connect()

    assert worker.order["payload"]["parameters"]["confirm_token"] == token(brain, 5)


async def test_a_fresh_depth_is_named(brain: Brain) -> None:
    await brain.connect()
    await measure(brain, 3)
    brain.clock.advance(30)

    issued = await brain.order(PURGE)

    assert issued.advice == ("The purge is confirmed for a depth of 3.",)


async def test_an_old_depth_is_named_with_its_age(brain: Brain) -> None:
    await brain.connect()
    await measure(brain, 3)
    brain.clock.advance(31)

    issued = await brain.order(PURGE)

    (advice,) = issued.advice
    assert "depth, 3, is 31 s old and may be stale" in advice


async def test_an_unknown_depth_cannot_be_confirmed(brain: Brain) -> None:
    await brain.connect()

    with pytest.raises(Conflict, match=r"depth of celery queue 'mail' is not known"):
        await brain.order(PURGE)

    assert await brain.views.open_commands() == []


async def test_force_needs_no_depth_and_sends_no_token(brain: Brain) -> None:
    worker = await brain.connect()

    issued = await brain.order(FORCED)

    assert issued.advice == ()
    assert worker.order["payload"]["parameters"] == {
        "engine": "celery",
        "queue": "mail",
        "force": True,
    }


async def test_the_token_is_not_kept(brain: Brain) -> None:
    await brain.connect()
    await measure(brain, 3)
    command = (await brain.order(PURGE)).command

    kept = [each.entry.data for each in await brain.entries(command.stream)]
    assert kept[1]["depth"] == 3
    assert token(brain, 3) not in str(kept)


async def test_a_refused_purge_names_the_depth_it_was_confirmed_for(brain: Brain) -> None:
    worker = await brain.connect()
    await measure(brain, 3)
    command = (await brain.order(PURGE)).command

    worker.finish(worker.order, error="confirm_token does not match")

    ended = await brain.command(command)
    assert ended.status is CommandStatus.FAILED
    assert "confirmed for a depth of 3" in (ended.note or "")
