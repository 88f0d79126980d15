"""A store that fails after it stored: nothing is lost, doubled, or acknowledged too early."""

from __future__ import annotations

import pytest

from ..agent_client import wire_run
from ..unit.services.brain import Brain, until
from .script import Fault, Script, Scripts

FAULTS = pytest.mark.parametrize("fault", [each for each in Fault if each is not Fault.NONE])


@FAULTS
async def test_every_event_is_stored_once_and_acknowledged_after_it(fault: Fault) -> None:
    script = Script.of("append", fault, fault, fault)
    async with Brain(faults=Scripts(store=script)).running() as brain:
        worker = await brain.connect()
        events = [each for n in range(4) for each in wire_run(f"t{n}", at=brain.clock.now())]
        for number, each in enumerate(events):
            worker.send("event_batch", f"ev_{number}", {"events": [each, each]})
            stored_at_ack = -1

            def acknowledged(number: int = number) -> bool:
                nonlocal stored_at_ack
                brain.clock.advance(1)
                acks = worker.received("event_batch_ack")
                stored_at_ack = len(brain.shared.state.events)
                return len(acks) == number + 1

            await until(acknowledged)
            assert stored_at_ack == number + 1
        acks = worker.received("event_batch_ack")

    assert [each["payload"]["accepted"] for each in acks] == [2] * len(events)
    tasks = brain.shared.state.views.tasks.values()
    assert [(task.state, task.attempt_count) for task in tasks] == [("succeeded", 1)] * 4


async def test_nothing_is_acknowledged_while_nothing_is_stored() -> None:
    script = Script.of("append", *[Fault.FAIL_BEFORE] * 5)
    async with Brain(faults=Scripts(store=script)).running() as brain:
        worker = await brain.connect()
        worker.send("event_batch", "ev_1", {"events": wire_run("t1", at=brain.clock.now())})

        def stored() -> bool:
            assert not worker.received("event_batch_ack")
            brain.clock.advance(1)
            return not script.faults

        await until(stored)
        await until(lambda: worker.received("event_batch_ack"))
