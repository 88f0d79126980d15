"""An operator withdraws an order: possible until it was sent."""

from __future__ import annotations

import asyncio

import pytest

from taskdeck.domain.commands import CommandStatus
from taskdeck.domain.errors import Conflict, NotFound
from taskdeck.domain.fanout import Topic
from taskdeck.domain.ids import CommandId

from .brain import ACTOR, CANCEL, Brain, Shared


async def test_before_it_is_sent(brain: Brain) -> None:
    command = await brain.submit()

    cancelled = await brain.commands.cancel(brain.project, command.id, "key:k2")

    assert cancelled.status is CommandStatus.CANCELLED
    assert (await brain.entries(command.stream))[-1].entry.actor == "key:k2"
    worker = await brain.connect()
    assert worker.orders == []


async def test_after_it_was_sent(brain: Brain) -> None:
    worker = await brain.connect()
    command = await brain.submit()

    with pytest.raises(Conflict, match="was sent and cannot be called back"):
        await brain.commands.cancel(brain.project, command.id, ACTOR)

    worker.finish(worker.order)
    assert (await brain.command(command)).status is CommandStatus.SUCCEEDED


async def test_while_it_waits_for_its_worker_to_come_back(brain: Brain) -> None:
    worker = await brain.connect()
    command = (await brain.order(CANCEL)).command
    await worker.leave()
    await brain.dispatcher.drain()

    with pytest.raises(Conflict, match="was sent"):
        await brain.commands.cancel(brain.project, command.id, ACTOR)


async def test_twice(brain: Brain) -> None:
    command = await brain.submit()
    await brain.commands.cancel(brain.project, command.id, ACTOR)

    with pytest.raises(Conflict, match="has ended already: cancelled"):
        await brain.commands.cancel(brain.project, command.id, ACTOR)


async def test_while_a_claim_is_under_way_one_of_both_wins(brain: Brain) -> None:
    command = await brain.submit()
    brain.journal.gate.close()
    worker = await brain.connect(settle=False)
    await brain.journal.gate.reached()
    cancelling = asyncio.create_task(brain.commands.cancel(brain.project, command.id, ACTOR))
    await brain.journal.gate.reached()

    brain.journal.gate.open()

    with pytest.raises(Conflict, match="was sent and cannot be called back"):
        await cancelling
    assert worker.orders == [command.id]
    assert await brain.history(command.stream) == ["issued", "claimed"]


async def test_another_replica_that_waited_for_a_worker_does_not_send_it() -> None:
    shared = Shared()
    async with Brain(shared, name="r1").running() as one, Brain(shared, name="r2").running() as two:
        command = await one.submit()
        two.dispatcher.noticed(two.project.id, command.id)
        await two.dispatcher.drain()
        await one.commands.cancel(one.project, command.id, ACTOR)

        worker = await two.connect(minted=one.minted)

        assert worker.orders == []
        assert await two.history(command.stream) == ["issued", "cancelled"]


async def test_dashboards_are_told(brain: Brain) -> None:
    command = await brain.submit()
    async with brain.bus.subscribe() as changes:
        await brain.commands.cancel(brain.project, command.id, ACTOR)
        assert Topic.COMMANDS in {change.topic for change in await anext(changes)}


async def test_an_unknown_one(brain: Brain) -> None:
    with pytest.raises(NotFound, match="no command no-such-command"):
        await brain.commands.cancel(brain.project, CommandId("no-such-command"), ACTOR)


async def test_one_of_another_project(brain: Brain) -> None:
    await brain.stranger()
    command = await brain.submit()

    with pytest.raises(NotFound):
        await brain.commands.cancel(await brain.projects.one("other"), command.id, ACTOR)

    assert brain.known(command).status is CommandStatus.ISSUED
