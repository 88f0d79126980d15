"""A journal that fails around a claim: a command is sent once, and its answer counts."""

from __future__ import annotations

import asyncio

import pytest

from taskdeck.domain.commands import CommandStatus

from ..unit.services.brain import SUBMIT, Brain, Shared, until
from .script import Fault, Script, Scripts

FAULTS = pytest.mark.parametrize("fault", [each for each in Fault if each is not Fault.NONE])


@FAULTS
@pytest.mark.parametrize("times", [1, 2])
async def test_it_is_sent_once_whatever_happens_to_the_claim(fault: Fault, times: int) -> None:
    script = Script()
    async with Brain(faults=Scripts(journal=script)).running() as brain:
        worker = await brain.connect()
        command = (await brain.commands.issue(brain.project, SUBMIT, "key:k1")).command
        script.methods, script.faults = frozenset({"append"}), [fault] * times

        await moved_on(brain)

        assert worker.orders == [command.id]
        worker.finish(worker.order)
        await moved_on(brain)
        assert brain.known(command).status is CommandStatus.SUCCEEDED
        assert await brain.history(command.stream) == ["issued", "claimed", "succeeded"]


async def test_a_claim_whose_answer_was_lost_is_not_sent_by_the_other_replica() -> None:
    shared, script = Shared(), Script()
    async with (
        Brain(shared, faults=Scripts(journal=script)).running() as one,
        Brain(shared, name="r2").running() as two,
    ):
        workers = [await one.connect("w1"), await two.connect("w2", minted=one.minted)]
        script.methods, script.faults = frozenset({"append"}), [Fault.NONE, Fault.DO_THEN_FAIL]
        command = (await one.commands.issue(one.project, SUBMIT, "key:k1")).command
        await two.follower.catch_up()
        await one.follower.catch_up()
        await moved_on(one)
        await two.dispatcher.drain()

        assert [order for worker in workers for order in worker.orders] == [command.id]


async def test_a_claim_that_outlives_its_session_is_not_sent() -> None:
    script = Script()
    async with Brain(faults=Scripts(journal=script)).running() as brain:
        worker = await brain.connect()
        command = (await brain.commands.issue(brain.project, SUBMIT, "key:k1")).command
        script.methods, script.faults = frozenset({"append"}), [Fault.DO_THEN_FAIL]
        await until(lambda: brain.known(command).claim)
        await worker.leave()

        await moved_on(brain)

        assert worker.orders == []
        assert (await brain.pass_deadline(command)).status is CommandStatus.UNKNOWN


async def moved_on(brain: Brain) -> None:
    """The dispatcher has done what there is to do, over all its pauses."""
    drained = asyncio.ensure_future(brain.dispatcher.drain())

    def done() -> bool:
        brain.clock.advance(0.5)
        return drained.done()

    await until(done)
