"""A store that fails after it stored: nothing is lost, doubled, or acknowledged too early."""

from __future__ import annotations

from typing import Any

import pytest

from taskdeck.domain.batching import BatchLimits
from taskdeck.domain.errors import StoreUnavailable
from taskdeck.domain.instants import SECOND

from ..agent_client import wire_event, wire_run
from ..unit.services.brain import Brain, until
from ..unit.services.worker import Worker
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


def send(worker: Worker, brain: Brain, *tasks: str) -> None:
    """One event a frame, as agents do; frames are named after their task."""
    for task in tasks:
        event = wire_event("task.started", task, at=brain.clock.now())
        worker.send("event_batch", f"ev_{task}", {"events": [event]})


def outcomes(worker: Worker) -> dict[str, int]:
    """How many events of each acknowledged frame were accepted."""
    payloads = [frame["payload"] for frame in worker.received("event_batch_ack")]
    return {each["acked_id"].removeprefix("ev_"): each["accepted"] for each in payloads}


async def passing(brain: Brain, condition: Any) -> None:
    """Let time pass until the condition holds."""

    def holds() -> Any:
        brain.clock.advance(1)
        return condition()

    await until(holds)


async def test_an_event_that_trips_over_a_fault_of_ours_takes_no_others_with_it() -> None:
    async with Brain().running() as brain:
        brain.store.failing = lambda event: event.task_id in ("bad", "worse")
        worker = await brain.connect()
        send(worker, brain, "t1", "bad", "t2", "worse", "t3")
        await passing(brain, lambda: len(outcomes(worker)) == 5)

        assert outcomes(worker) == {"t1": 1, "t2": 1, "t3": 1, "bad": 0, "worse": 0}
        send(worker, brain, "t4")
        await until(lambda: outcomes(worker).get("t4") == 1)
        assert brain.ingest.stalled_seconds == 0
        told = [each for each in brain.notices.told if each.code == "store.failed"]
        assert "KeyError at by_hand.py:" in told[0].message
        assert "hunter2" not in "".join(each.message for each in brain.notices.told)
        assert brain.metrics.rejected_events == 2


async def test_an_event_that_fails_alone_waits_until_another_shows_that_the_store_works() -> None:
    async with Brain().running() as brain:
        brain.store.failing = lambda event: event.task_id == "bad"
        worker = await brain.connect()
        send(worker, brain, "bad")
        await passing(brain, lambda: brain.ingest.stalled_seconds > 0)
        assert outcomes(worker) == {}
        send(worker, brain, "t1")
        await passing(brain, lambda: outcomes(worker) == {"t1": 1, "bad": 0})
        await passing(brain, lambda: brain.ingest.stalled_seconds == 0)


async def test_a_store_that_fails_for_all_loses_nothing_and_recovers() -> None:
    async with Brain().running() as brain:
        brain.store.failing = lambda _: True
        worker = await brain.connect()
        names = [f"t{number}" for number in range(60)]
        send(worker, brain, *names)
        began = brain.clock.now()
        await passing(brain, lambda: brain.ingest.stalled_seconds > 30)
        assert brain.clock.now() - began > 30 * SECOND
        assert outcomes(worker) == {}
        brain.store.failing = lambda _: False
        await passing(brain, lambda: len(outcomes(worker)) == 60)
        assert set(outcomes(worker).values()) == {1}
        assert len(brain.shared.state.events) == 60


async def test_many_bad_events_do_not_hide_that_the_store_works() -> None:
    async with Brain().running() as brain:
        brain.store.failing = lambda event: event.task_id.startswith("bad")
        worker = await brain.connect()
        send(worker, brain, *[f"bad{number}" for number in range(40)], "t1")
        await passing(brain, lambda: outcomes(worker).get("t1") == 1)
        await passing(brain, lambda: len(outcomes(worker)) == 41)
        assert sum(outcomes(worker).values()) == 1


async def test_workers_that_come_back_during_an_outage_do_not_pile_up() -> None:
    limits = BatchLimits(age=0, events=10, high_water=20)
    async with Brain(batches=limits).running() as brain:
        brain.store.unavailable = True
        admitted = 0
        with pytest.raises(StoreUnavailable):
            for _ in range(100):
                worker = await brain.connect(settle=False)
                admitted += 1
                send(worker, brain, *[f"t{number}" for number in range(10)])
        assert admitted <= 6
        assert brain.ingest.waiting <= 2 * limits.high_water + limits.events
        brain.store.unavailable = False
        await passing(brain, lambda: not brain.ingest.waiting)
        worker = await brain.connect()
        send(worker, brain, "t1")
        await until(lambda: outcomes(worker) == {"t1": 1})
        assert len(brain.shared.state.views.tasks) == 10


async def test_a_socket_that_is_not_read_from_is_not_taken_for_silent() -> None:
    limits = BatchLimits(age=0, events=10, high_water=20)
    async with Brain(batches=limits).running() as brain:
        brain.store.gate.close()
        busy, silent = await brain.connect("busy"), await brain.connect("silent")
        send(busy, brain, *[f"t{number}" for number in range(40)])
        assert busy.connection.paused
        brain.clock.advance(1_000)
        await brain.sessions.close_idle()
        assert busy.connection.closed is None
        assert silent.connection.closed is not None

        brain.store.gate.open()
        await until(lambda: len(outcomes(busy)) == 40 and not busy.connection.paused)
        await brain.sessions.close_idle()
        assert busy.connection.closed is None
