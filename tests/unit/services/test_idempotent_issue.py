"""The same order with the same key is issued once, whatever has changed since."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from taskdeck.domain.actions import OrderRequest
from taskdeck.domain.commands import CommandStatus
from taskdeck.domain.errors import Conflict, InvalidInput
from taskdeck.domain.instants import SECOND

from ...builders import event
from .brain import ACTOR, SUBMIT, Brain, Shared

KEYED = replace(SUBMIT, idempotency_key="k")
UNNAMED = OrderRequest(action="cancel_task", task_id="t1", idempotency_key="k")
OVERRIDE = OrderRequest(
    action="retry_task",
    engine="celery",
    task_id="t1",
    parameters={"override_args": [1]},
    idempotency_key="k",
)


async def test_a_repeat_gives_the_first_command_and_sends_nothing_more(brain: Brain) -> None:
    worker = await brain.connect()

    first = await brain.order(KEYED)
    again = await brain.order(KEYED)

    assert again.command.id == first.command.id
    assert worker.orders == [first.command.id]


async def test_a_repeat_shows_the_command_as_it_stands(brain: Brain) -> None:
    worker = await brain.connect()
    await brain.order(KEYED)
    worker.finish(worker.order, {"task_id": "t9"})
    await worker.leave()
    await brain.dispatcher.drain()

    again = await brain.order(KEYED)

    assert (again.command.status, again.command.result) == (
        CommandStatus.SUCCEEDED,
        {"task_id": "t9"},
    )
    assert again.advice == ()


async def test_a_repeat_of_a_waiting_command_says_that_it_waits(brain: Brain) -> None:
    first = await brain.order(KEYED)
    again = await brain.order(KEYED)

    assert "no worker of the project is connected" in again.advice[0]
    assert again.advice == first.advice


async def test_the_engine_stays_though_other_workers_are_there_now(brain: Brain) -> None:
    worker = await brain.connect()
    first = await brain.order(UNNAMED)
    await worker.leave()

    for others in ({}, {"rq": ["cancel_task"], "huey": ["cancel_task"]}):
        if others:
            await brain.connect("w2", engines=list(others), capabilities=others)
        again = await brain.order(UNNAMED)
        assert (again.command.id, again.command.engine) == (first.command.id, "celery")


async def test_the_engine_may_be_named_the_second_time(brain: Brain) -> None:
    await brain.connect()
    first = await brain.order(UNNAMED)

    again = await brain.order(replace(UNNAMED, engine="celery"))

    assert again.command.id == first.command.id


async def test_a_time_that_has_passed_is_no_reason_to_refuse(brain: Brain) -> None:
    eta = brain.clock.now() // SECOND + 10
    order = OrderRequest(
        action="retry_task",
        engine="celery",
        task_id="t1",
        parameters={"eta": eta},
        idempotency_key="k",
    )
    first = await brain.order(order)
    brain.clock.advance(3_600)

    assert (await brain.order(order)).command.id == first.command.id


async def test_a_depth_that_is_forgotten_is_no_reason_to_refuse(brain: Brain) -> None:
    order = OrderRequest(
        action="purge_queue",
        engine="celery",
        parameters={"queue": "mail"},
        idempotency_key="k",
    )
    depth = event(
        "queue.depth_report", "", engine="celery", project_id=brain.project.id,
        at=brain.clock.now(), queue="mail", depth=3,
    )  # fmt: skip
    await brain.report(depth)
    await brain.connect()
    first = await brain.order(order)
    await brain.views.reset()

    again = await brain.order(order)

    assert again.command.id == first.command.id
    assert again.advice == ()


async def test_a_name_learnt_meanwhile_makes_no_difference(brain: Brain) -> None:
    first = await brain.order(OVERRIDE)
    assert "task_name" not in first.command.parameters
    await brain.report(
        event("task.received", engine="celery", project_id=brain.project.id, task_name="shop.pay")
    )

    assert (await brain.order(OVERRIDE)).command.id == first.command.id


async def test_a_name_filled_in_the_first_time_makes_no_difference(brain: Brain) -> None:
    await brain.report(
        event("task.received", engine="celery", project_id=brain.project.id, task_name="shop.pay")
    )
    first = await brain.order(OVERRIDE)
    assert first.command.parameters["task_name"] == "shop.pay"
    await brain.views.reset()

    assert (await brain.order(OVERRIDE)).command.id == first.command.id


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "cancel_task", "parameters": {}, "task_id": "t1"},
        {"engine": "huey"},
        {"parameters": {"name": "shop.ship"}},
        {"parameters": {"name": ""}},
        {"parameters": {"name": "shop.pay", "engine": "huey"}},
        {"worker_id": "w1"},
        {"timeout_seconds": 5},
        {"action": "no_such_action"},
    ],
)
async def test_another_order_with_the_same_key_is_refused(
    brain: Brain, changes: dict[str, Any]
) -> None:
    first = await brain.order(KEYED)

    with pytest.raises(Conflict) as refused:
        await brain.order(replace(KEYED, **changes))

    assert refused.value.message == (
        f"Idempotency key 'k' was used for another order: submit_task, command "
        f"{first.command.id}. Use a new key for a new order."
    )
    assert not refused.value.retryable
    assert len(await brain.views.open_commands()) == 1


async def test_a_refused_order_does_not_use_up_its_key(brain: Brain) -> None:
    with pytest.raises(InvalidInput):
        await brain.order(replace(KEYED, parameters={}))

    assert (await brain.order(KEYED)).command.status is CommandStatus.ISSUED


@pytest.mark.parametrize("key", ["", "x" * 201, "half \ud800 a character", "two\nlines"])
async def test_keys_that_are_none(brain: Brain, key: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await brain.order(replace(SUBMIT, idempotency_key=key))

    assert refused.value.details["field"] == "idempotency_key"


async def test_two_at_once_are_one(brain: Brain) -> None:
    brain.journal.gate.close()
    both = [
        asyncio.create_task(brain.commands.issue(brain.project, KEYED, ACTOR)) for _ in range(2)
    ]
    for _ in both:
        await brain.journal.gate.reached()

    brain.journal.gate.open()
    one, other = await asyncio.gather(*both)

    assert one.command.id == other.command.id
    assert await brain.history(one.command.stream) == ["issued"]


async def test_two_different_ones_at_once_are_one_and_a_conflict(brain: Brain) -> None:
    brain.journal.gate.close()
    orders = [KEYED, replace(KEYED, timeout_seconds=5)]
    both = [asyncio.create_task(brain.commands.issue(brain.project, o, ACTOR)) for o in orders]
    for _ in both:
        await brain.journal.gate.reached()

    brain.journal.gate.open()
    ends = await asyncio.gather(*both, return_exceptions=True)

    assert sorted(type(end).__name__ for end in ends) == ["Conflict", "Issued"]


async def test_keys_hold_on_every_replica() -> None:
    shared = Shared()
    async with Brain(shared, name="r1").running() as one, Brain(shared, name="r2").running() as two:
        first, again = await one.order(KEYED), await two.order(KEYED)

        assert again.command.id == first.command.id
