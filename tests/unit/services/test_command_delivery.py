"""From the order to the worker and back."""

from __future__ import annotations

import json

import pytest

from taskdeck.domain.commands import CommandStatus
from taskdeck.domain.fanout import Topic
from taskdeck.domain.services.dispatch import MOST_WAITING

from .brain import ACTOR, Brain, Shared, until


async def test_an_order_reaches_a_fitting_worker_and_its_result_comes_back(brain: Brain) -> None:
    worker = await brain.connect()

    command = await brain.submit()
    worker.acknowledge(worker.order)
    worker.finish(worker.order, {"task_id": "t9"})

    ended = await brain.command(command)
    assert (ended.status, ended.result) == (CommandStatus.SUCCEEDED, {"task_id": "t9"})
    assert await brain.history(command.stream) == ["issued", "claimed", "acknowledged", "succeeded"]


async def test_the_worker_gets_what_was_ordered(brain: Brain) -> None:
    worker = await brain.connect()

    command = await brain.submit(timeout_seconds=30)

    payload = worker.order["payload"]
    assert worker.order["id"] == command.id
    assert payload["action"] == "submit_task"
    assert payload["parameters"] == {"engine": "celery", "name": "shop.pay"}
    assert payload["target"]["engine"] == "celery"
    assert (payload["timeout_seconds"], payload["issued_by"]) == (30, ACTOR)


async def test_a_claim_is_durable_before_its_frame_leaves(brain: Brain) -> None:
    command = await brain.submit()

    brain.journal.gate.close()
    worker = await brain.connect(settle=False)
    await brain.journal.gate.reached()
    assert worker.orders == []

    brain.journal.gate.open()
    await brain.dispatcher.drain()
    assert worker.orders == [command.id]


async def test_a_result_says_enough_without_an_acknowledgement(brain: Brain) -> None:
    worker = await brain.connect()
    command = await brain.submit()

    worker.finish(worker.order, error="no broker")

    ended = await brain.command(command)
    assert (ended.status, ended.error) == (CommandStatus.FAILED, "no broker")


async def test_only_the_first_result_decides(brain: Brain) -> None:
    worker = await brain.connect()
    command = await brain.submit()

    worker.finish(worker.order, {"task_id": "t9"})
    worker.finish(worker.order, error="no broker")

    ended = await brain.command(command)
    assert (ended.status, ended.error) == (CommandStatus.SUCCEEDED, None)


async def test_two_workers_of_one_agent_share_the_work(brain: Brain) -> None:
    workers = [await brain.connect("w1"), await brain.connect("w2")]

    commands = [await brain.submit() for _ in range(4)]

    taken = [worker.orders for worker in workers]
    assert sorted(taken[0] + taken[1]) == sorted(command.id for command in commands)
    assert [len(orders) for orders in taken] == [2, 2]


async def test_of_two_replicas_that_claim_at_once_one_sends_it() -> None:
    shared = Shared()
    async with Brain(shared, name="r1").running() as one, Brain(shared, name="r2").running() as two:
        command = await one.submit()
        one.journal.gate.close()
        two.journal.gate.close()
        workers = [
            await one.connect("w1", settle=False),
            await two.connect("w2", minted=one.minted, settle=False),
        ]
        two.dispatcher.noticed(two.project.id, command.id)
        await one.journal.gate.reached()
        await two.journal.gate.reached()

        one.journal.gate.open()
        two.journal.gate.open()
        await one.dispatcher.drain()
        await two.dispatcher.drain()

        assert [worker.orders for worker in workers] in ([[command.id], []], [[], [command.id]])
        assert await one.history(command.stream) == ["issued", "claimed"]


async def test_a_command_waits_for_a_fitting_worker(brain: Brain) -> None:
    command = await brain.submit()

    unfit = await brain.connect("w1", engines=["rq"], capabilities={"rq": ["submit_task"]})
    assert brain.known(command).status is CommandStatus.ISSUED

    fit = await brain.connect("w2")
    assert brain.known(command).status is CommandStatus.CLAIMED
    assert (unfit.orders, fit.orders) == ([], [command.id])


async def test_one_worker_gets_all_that_waits_for_it(brain: Brain) -> None:
    commands = [await brain.submit() for _ in range(3)]

    worker = await brain.connect()

    assert worker.orders == [command.id for command in commands]


async def test_workers_of_other_projects_get_nothing(brain: Brain) -> None:
    stranger = await brain.stranger()

    command = await brain.submit()

    assert brain.known(command).status is CommandStatus.ISSUED
    assert stranger.orders == []


async def test_each_step_is_told_to_dashboards(brain: Brain) -> None:
    worker = await brain.connect()
    async with brain.bus.subscribe() as changes:
        await brain.submit()
        assert Topic.COMMANDS in {change.topic for change in await anext(changes)}
        worker.finish(worker.order)
        await brain.dispatcher.drain()
        assert Topic.COMMANDS in {change.topic for change in await anext(changes)}


@pytest.mark.parametrize("answer", ["command_ack", "command_result"])
async def test_an_answer_to_no_command_is_told_and_harms_nothing(brain: Brain, answer: str) -> None:
    worker = await brain.connect()

    worker.send(answer, "no-such-command", {"status": "success", "delivery_claim_token": None})
    command = await brain.submit()

    assert "command.stray_answer" in brain.notices.codes
    assert worker.orders == [command.id]


async def test_whoever_floods_with_answers_is_not_read_from_for_a_while(brain: Brain) -> None:
    flooding, other = await brain.connect("w1"), await brain.connect("w2")
    command = await brain.submit(worker_id="w2")
    for number in range(MOST_WAITING + 10):
        flooding.send("command_result", f"no-such-{number}", {"status": "success"})
    assert flooding.connection.paused
    assert not other.connection.paused

    await until(lambda: not flooding.connection.paused)
    other.finish(other.order)
    assert (await brain.command(command)).status is CommandStatus.SUCCEEDED


async def test_nobody_undoes_the_pause_of_a_shutdown(brain: Brain) -> None:
    flooding = await brain.connect("w1")
    for number in range(MOST_WAITING + 10):
        flooding.send("command_result", f"no-such-{number}", {"status": "success"})
    brain.sessions.pause()
    await brain.dispatcher.drain()
    assert not brain.dispatcher.holds_up(flooding.connection)
    assert flooding.connection.paused


async def test_whoever_is_not_read_from_is_not_silent(brain: Brain) -> None:
    flooding, other = await brain.connect("w1"), await brain.connect("w2")
    brain.journal.unavailable = True
    for number in range(MOST_WAITING + 10):
        flooding.send("command_result", f"no-such-{number}", {"status": "success"})
    brain.clock.advance(120)
    await brain.sessions.close_idle()
    assert flooding.connection.closed is None
    assert other.connection.closed is not None


async def test_agents_of_other_projects_cannot_answer(brain: Brain) -> None:
    await brain.connect()
    stranger = await brain.stranger()
    command = await brain.submit()

    stranger.send("command_result", command.id, {"status": "success"})

    assert (await brain.command(command)).status is CommandStatus.CLAIMED
    assert "command.stray_answer" in brain.notices.codes


async def test_what_happens_while_the_journal_is_away_is_recorded_later(brain: Brain) -> None:
    worker = await brain.connect()
    command = await brain.submit()

    brain.journal.unavailable = True
    worker.finish(worker.order, {"task_id": "t9"})
    await until(lambda: "commands.waiting" in brain.notices.codes)
    assert brain.known(command).status is CommandStatus.CLAIMED

    brain.journal.unavailable = False
    brain.clock.advance(1)
    assert (await brain.command(command)).status is CommandStatus.SUCCEEDED


async def test_the_frame_is_signed_for_its_session(brain: Brain) -> None:
    worker = await brain.connect()
    await brain.submit()

    wire = worker.connection.sent[-1]
    assert worker.envelope.open(wire, brain.codec)["type"] == "command"
    assert json.loads(wire)["payload"]["delivery_claim_token"]


async def test_a_claim_is_sent_though_the_journal_told_of_it_first(brain: Brain) -> None:
    command = await brain.submit()
    brain.journal.answers.close()
    worker = await brain.connect(settle=False)
    await brain.journal.answers.reached()

    await brain.follower.catch_up()
    brain.journal.answers.open()
    await brain.dispatcher.drain()

    assert worker.orders == [command.id]
