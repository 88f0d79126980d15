"""A bus that loses, doubles and reorders: the journal is read anyway."""

from __future__ import annotations

import asyncio

import pytest

from ..unit.services.brain import SUBMIT, Brain, Shared, until
from .script import Fault, Script, Scripts

TOLD = pytest.mark.parametrize("fault", [Fault.FAIL_BEFORE, Fault.DOUBLE, Fault.DELAY])


@TOLD
async def test_commands_arrive_from_another_replica(fault: Fault) -> None:
    shared = Shared()
    bus = Script(odds={fault: 1.0})
    async with (
        Brain(shared, faults=Scripts(bus=bus)).running() as one,
        Brain(shared, name="r2", faults=Scripts(bus=bus)).running() as two,
    ):
        worker = await two.connect(minted=one.minted)
        following = asyncio.create_task(two.follower.run())
        issued = [await one.commands.issue(one.project, SUBMIT, "key:k1") for _ in range(5)]

        def arrived() -> bool:
            one.clock.advance(0.25)
            return len(worker.orders) >= len(issued)

        await until(arrived)
        await two.dispatcher.drain()
        following.cancel()

    assert sorted(worker.orders) == sorted(each.command.id for each in issued)
