"""The connection breaks after a command was sent: who may get it again (agent-protocol.md §8.1, §10)."""

from __future__ import annotations

import pytest

from taskdeck.domain.actions import OrderRequest
from taskdeck.domain.commands import CommandStatus

from .brain import CANCEL, SUBMIT, Brain, Shared

RECONCILE = OrderRequest(action="reconcile_task", engine="celery", task_id="t1")
RETRY = OrderRequest(action="retry_task", engine="celery", task_id="t1")
PURGE = OrderRequest(
    action="purge_queue", engine="celery", parameters={"queue": "mail", "force": True}
)
AGAIN = pytest.mark.parametrize("request_", [CANCEL, RECONCILE], ids=lambda each: each.action)
ONCE = pytest.mark.parametrize("request_", [SUBMIT, RETRY, PURGE], ids=lambda each: each.action)
HEARD = pytest.mark.parametrize("acknowledged", [False, True], ids=["claimed", "acknowledged"])


@AGAIN
@HEARD
async def test_harmless_ones_go_to_the_same_worker_again(
    brain: Brain, request_: OrderRequest, acknowledged: bool
) -> None:
    worker = await brain.connect("w1")
    command = (await brain.order(request_)).command
    if acknowledged:
        worker.acknowledge(worker.order)
    await worker.leave()
    other = await brain.connect("w2")
    assert (await brain.command(command)).status is CommandStatus.ISSUED

    back = await brain.connect("w1")

    assert other.orders == []
    assert back.orders == [command.id]
    first, second = (each.order["payload"]["delivery_claim_token"] for each in (worker, back))
    assert first != second


@ONCE
@HEARD
async def test_the_others_are_sent_once(
    brain: Brain, request_: OrderRequest, acknowledged: bool
) -> None:
    worker = await brain.connect("w1")
    command = (await brain.order(request_)).command
    if acknowledged:
        worker.acknowledge(worker.order)
    await worker.leave()

    back = await brain.connect("w1")

    assert back.orders == []
    assert (await brain.command(command)).session_lost_at is not None
    ended = await brain.pass_deadline(command)
    assert ended.status is CommandStatus.UNKNOWN
    assert "connection broke" in (ended.note or "")


async def test_its_worker_may_still_bring_the_result(brain: Brain) -> None:
    worker = await brain.connect("w1")
    command = await brain.submit()
    await worker.leave()

    (await brain.connect("w1")).finish(worker.order, {"task_id": "t9"})

    assert (await brain.command(command)).status is CommandStatus.SUCCEEDED


async def test_a_worker_without_an_id_cannot_be_recognised(brain: Brain) -> None:
    worker = await brain.connect(None)
    command = (await brain.order(CANCEL)).command
    await worker.leave()

    back = await brain.connect(None)

    assert back.orders == []
    assert (await brain.pass_deadline(command)).status is CommandStatus.UNKNOWN


async def test_a_repeat_that_brings_no_result_leaves_it_unknown(brain: Brain) -> None:
    worker = await brain.connect("w1")
    command = (await brain.order(CANCEL)).command
    await worker.leave()
    back = await brain.connect("w1")
    back.acknowledge(back.order)

    assert (await brain.pass_deadline(command)).status is CommandStatus.UNKNOWN


async def test_the_same_worker_of_another_agent_is_another_worker(brain: Brain) -> None:
    worker = await brain.connect("w1")
    command = (await brain.order(CANCEL)).command
    await worker.leave()

    minted = await brain.agents.mint(brain.project, "second", "cli")
    namesake = await brain.connect("w1", minted=minted)

    assert namesake.orders == []
    assert (await brain.command(command)).status is CommandStatus.ISSUED


async def test_a_session_that_ends_with_nothing_sent_changes_nothing(brain: Brain) -> None:
    bystander = await brain.connect("w2", engines=["rq"], capabilities={"rq": []})
    await brain.connect("w1")
    command = await brain.submit()

    await bystander.leave()

    assert await brain.history(command.stream) == ["issued", "claimed"]


async def test_a_worker_that_replaces_its_session_gets_it_again(brain: Brain) -> None:
    before = await brain.connect("w1")
    command = (await brain.order(CANCEL)).command

    after = await brain.connect("w1")

    assert (before.orders, after.orders) == ([command.id], [command.id])


async def test_a_claim_whose_session_is_gone_before_the_frame_is_not_sent(brain: Brain) -> None:
    command = await brain.submit()
    brain.journal.gate.close()
    worker = await brain.connect("w1", settle=False)
    await brain.journal.gate.reached()

    await worker.leave()
    brain.journal.gate.open()
    await brain.dispatcher.drain()

    assert worker.orders == []
    assert (await brain.command(command)).session_lost_at is not None


async def test_a_restart_loses_the_sessions_of_before() -> None:
    shared = Shared()
    async with Brain(shared).running() as before:
        worker = await before.connect("w1")
        sent_once, sent_again = await before.submit(), (await before.order(CANCEL)).command
        await shared.registry.unregister(worker.opened.live.session_id)
    async with Brain(shared, name="r2").running() as after:
        lost, released = await after.command(sent_once), await after.command(sent_again)
        assert (lost.status, released.status) == (CommandStatus.CLAIMED, CommandStatus.ISSUED)
        assert lost.session_lost_at is not None

        back = await after.connect("w1", minted=before.minted)
        assert back.orders == [sent_again.id]
