"""A command ends once: by its deadline at the latest, and what comes later is only recorded."""

from __future__ import annotations

from taskdeck.domain.commands import CommandStatus

from .brain import Brain, Shared, until


async def test_nobody_fits_until_the_time_is_over(brain: Brain) -> None:
    command = await brain.submit(timeout_seconds=30)

    brain.clock.advance(29)
    assert (await brain.command(command)).status is CommandStatus.ISSUED

    ended = await brain.pass_deadline(command)
    assert ended.status is CommandStatus.TIMED_OUT
    assert "nothing was sent" in (ended.note or "")


async def test_a_worker_that_comes_too_late_gets_nothing(brain: Brain) -> None:
    command = await brain.submit()
    await brain.pass_deadline(command)

    worker = await brain.connect()

    assert worker.orders == []


async def test_a_worker_that_says_nothing(brain: Brain) -> None:
    worker = await brain.connect()
    command = await brain.submit()
    worker.acknowledge(worker.order)

    ended = await brain.pass_deadline(command)

    assert ended.status is CommandStatus.TIMED_OUT
    assert "may still carry it out" in (ended.note or "")


async def test_a_late_result_is_recorded_and_changes_nothing(brain: Brain) -> None:
    worker = await brain.connect()
    command = await brain.submit()
    await brain.pass_deadline(command)

    worker.finish(worker.order, {"task_id": "t9"})

    ended = await brain.command(command)
    assert ended.status is CommandStatus.TIMED_OUT
    assert ended.late is not None
    assert (ended.late.succeeded, ended.late.result) == (True, {"task_id": "t9"})


async def test_a_late_result_is_recorded_by_a_brain_that_never_knew_the_command() -> None:
    shared = Shared()
    async with Brain(shared).running() as before:
        await before.connect()
        command = await before.submit()
        await before.pass_deadline(command)
    async with Brain(shared, name="r2").running() as after:
        worker = await after.connect("w1", minted=before.minted)

        worker.send("command_result", command.id, {"status": "failed", "error": "no broker"})

        late = (await after.command(command)).late
        assert late is not None
        assert late.error == "no broker"


async def test_an_agent_that_cannot_tell_leaves_it_unknown(brain: Brain) -> None:
    worker = await brain.connect()
    command = await brain.submit()

    worker.finish(worker.order, {"indeterminate": True}, error="timed out")

    assert (await brain.command(command)).status is CommandStatus.UNKNOWN


async def test_a_result_may_come_over_another_connection(brain: Brain) -> None:
    worker = await brain.connect("w1")
    command = await brain.submit()
    await worker.leave()
    heir = await brain.connect("w2")

    heir.finish(worker.order, {"task_id": "t9"})

    assert (await brain.command(command)).status is CommandStatus.SUCCEEDED


async def test_a_result_may_come_to_a_replica_that_did_not_hear_of_the_claim() -> None:
    shared = Shared()
    async with Brain(shared, name="r1").running() as one, Brain(shared, name="r2").running() as two:
        command = await one.submit()
        two.dispatcher.noticed(two.project.id, command.id)
        await two.dispatcher.drain()
        worker = await one.connect("w1")
        await worker.leave()
        heir = await two.connect(
            "w2", minted=one.minted, engines=["rq"], capabilities={"rq": ["submit_task"]}
        )

        heir.finish(worker.order, {"task_id": "t9"})

        assert (await two.command(command)).status is CommandStatus.SUCCEEDED


async def test_deadlines_are_kept_while_the_journal_is_away(brain: Brain) -> None:
    command = await brain.submit()

    brain.journal.unavailable = True
    brain.clock.advance(command.timeout_seconds + 1)
    await until(lambda: "commands.waiting" in brain.notices.codes)
    brain.journal.unavailable = False
    brain.clock.advance(1)

    assert (await brain.command(command)).status is CommandStatus.TIMED_OUT


async def test_deadlines_outlive_a_restart() -> None:
    shared = Shared()
    async with Brain(shared).running() as before:
        command = await before.submit()
    async with Brain(shared, name="r2").running() as after:
        assert (await after.pass_deadline(command)).status is CommandStatus.TIMED_OUT


async def test_two_replicas_end_it_once() -> None:
    shared = Shared()
    async with Brain(shared, name="r1").running() as one, Brain(shared, name="r2").running() as two:
        command = await one.submit()
        two.dispatcher.noticed(two.project.id, command.id)
        await two.dispatcher.drain()
        one.journal.gate.close()
        two.journal.gate.close()

        shared.clock.advance(command.timeout_seconds + 1)
        await one.journal.gate.reached()
        await two.journal.gate.reached()
        one.journal.gate.open()
        two.journal.gate.open()

        assert (await one.command(command)).status is CommandStatus.TIMED_OUT
        assert await two.history(command.stream) == ["issued", "timed_out"]
