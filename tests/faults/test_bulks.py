"""A replica dies, or loses its database, at any step of a bulk operation: each task gets one command."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import pytest

from taskdeck.domain.bulk import BulkStatus
from taskdeck.domain.errors import StoreUnavailable

from ..unit.services.brain import Brain
from ..unit.services.bulk_fleet import (
    RETRY,
    Fleet,
    answer,
    bulk_of,
    fail_tasks,
    one_turn,
    started,
    tasks_ordered,
)
from .script import Fault, Script, Scripts

TASKS = 7
ALL = [f"t{number}" for number in range(TASKS)]
DEATHS = pytest.mark.parametrize("fault", [Fault.FAIL_BEFORE, Fault.DO_THEN_FAIL])
Replicas = tuple[Fleet, Brain, Script, Brain]


@pytest.fixture
async def replicas() -> AsyncIterator[Replicas]:
    """Two replicas, and what goes wrong with the first one's journal."""
    fleet, script = Fleet(), Script()
    async with (
        Brain(fleet, faults=Scripts(journal=script)).running() as one,
        Brain(fleet, name="r2").running() as two,
    ):
        await fail_tasks(one, TASKS)
        yield fleet, one, script, two


@DEATHS
@pytest.mark.parametrize("call", range(9))
async def test_a_takeover_repeats_nothing(replicas: Replicas, call: int, fault: Fault) -> None:
    fleet, one, script, two = replicas
    worker = await two.connect()
    bulk = await started(one, replace(RETRY, rate_per_second=4))
    script.faults = [Fault.NONE] * call + [fault]
    with pytest.raises(StoreUnavailable):
        for _ in range(call + 1):
            await one.bulk_runner.turn()
            await two.follower.catch_up()
            await two.dispatcher.drain()
            answer(worker)
            await two.dispatcher.drain()
            one.clock.advance(0.5)
    fleet.registry.living.discard("r1")

    for _ in range(12):
        await one_turn(two, worker)

    ended = await bulk_of(two, bulk)
    assert (ended.status, ended.succeeded) == (BulkStatus.FINISHED, TASKS)
    assert tasks_ordered(worker) == ALL
    assert len(fleet.state.views.commands) == TASKS


@DEATHS
@pytest.mark.parametrize("call", range(2))
async def test_a_start_that_broke_off_can_be_repeated_with_its_key(
    replicas: Replicas, call: int, fault: Fault
) -> None:
    fleet, one, script, two = replicas
    worker = await two.connect()
    request = replace(RETRY, idempotency_key="once")
    script.methods, script.faults = frozenset({"append"}), [Fault.NONE] * call + [fault]
    with pytest.raises(StoreUnavailable):
        await started(one, request)
    fleet.registry.living.discard("r1")

    bulk = await started(two, request)
    for _ in range(8):
        await one_turn(two, worker)

    assert len(fleet.state.views.bulks) == 1
    assert (await bulk_of(two, bulk)).status is BulkStatus.FINISHED
    assert tasks_ordered(worker) == ALL


async def test_a_replica_that_was_thought_dead_gives_way(replicas: Replicas) -> None:
    fleet, one, _, two = replicas
    worker = await two.connect()
    bulk = await started(one, replace(RETRY, rate_per_second=2))
    await one_turn(one, worker)
    fleet.registry.living.discard("r1")
    await one_turn(two, worker)
    fleet.registry.living.add("r1")
    for _ in range(8):
        await one_turn(one, worker)
        await one_turn(two, worker)
    assert (await bulk_of(two, bulk)).holder == "r2"
    assert tasks_ordered(worker) == ALL


async def test_while_the_holder_lives_nobody_else_issues(replicas: Replicas) -> None:
    _, one, _, two = replicas
    worker = await two.connect()
    bulk = await started(one)
    for _ in range(5):
        await one_turn(two, worker)
    assert (await bulk_of(one, bulk)).reached == 0
    assert worker.orders == []


async def test_many_faults_later_each_task_has_one_command(replicas: Replicas) -> None:
    _, one, script, two = replicas
    worker = await two.connect()
    bulk = await started(one, replace(RETRY, rate_per_second=3))
    script.odds = {Fault.FAIL_BEFORE: 0.3, Fault.DO_THEN_FAIL: 0.3}
    for _ in range(60):
        with suppress(StoreUnavailable):
            await one.bulk_runner.turn()
        await one_turn(two, worker)
    script.heal()
    await one_turn(one, worker)
    assert (await bulk_of(two, bulk)).status is BulkStatus.FINISHED
    assert tasks_ordered(worker) == ALL
