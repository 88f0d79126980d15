"""What Taskdeck promises, after any seeded history of faults.

Repeat one: pytest "tests/simulation/test_promises.py::test_promises_hold[seed-7]"
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy

import pytest

from taskdeck.adapters.memory.event_store import MemoryEventStore
from taskdeck.adapters.memory.journal import MemoryJournal
from taskdeck.adapters.memory.projection_store import MemoryProjectionStore
from taskdeck.adapters.memory.state import MemoryState
from taskdeck.domain.actions import find
from taskdeck.domain.commands import CommandStatus
from taskdeck.domain.projections.statistics import summarise
from taskdeck.domain.services.replay import replay

from .world import World

STEPS = 150
SEEDS = range(25)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"seed-{seed}")
async def test_promises_hold(seed: int) -> None:
    world = World(seed)
    await world.start()
    for _ in range(STEPS):
        await world.step()
    await world.settle()

    events_are_stored_once(world)
    commands_end_once(world)
    frames_are_sent_once(world)
    slots_are_held_once(world)
    await views_are_the_fold_of_the_logs(world)
    await world.stop()


def events_are_stored_once(world: World) -> None:
    stored = {event_id for _, event_id in world.shared.state.events}
    made = {task for process in world.processes for task in process.tasks}
    for process in world.processes:
        assert process.unacknowledged == {}
        assert process.acknowledged <= stored
    assert len(stored) == 3 * len(made)
    views = world.shared.state.views
    assert {task.key.task_id for task in views.tasks.values()} == made
    assert all(task.attempt_count == 1 for task in views.tasks.values())
    counts = summarise(list(views.statistics.values())).counts
    assert counts.get("succeeded", 0) == counts.get("received", 0) == len(made)


def commands_end_once(world: World) -> None:
    state = world.shared.state
    assert {command.stream for command in world.issued} <= state.views.commands.keys()
    final = {f"command.{status}" for status in CommandStatus if status.final}
    for stream, command in state.views.commands.items():
        kinds = [each.entry.kind for each in state.streams[stream]]
        assert command.status.final, kinds
        assert sum(kind in final for kind in kinds) == 1, kinds


def frames_are_sent_once(world: World) -> None:
    sent = Counter(deliveries(world))
    for command in world.shared.state.views.commands.values():
        slots = {slot: n for (command_id, slot), n in sent.items() if command_id == command.id}
        assert len(slots) <= 1
        if not find(command.action).redeliverable:
            assert sum(slots.values()) <= 1
        if command.status is CommandStatus.TIMED_OUT and command.attempts:
            assert slots, f"nobody got it, but: {command.note}"


def deliveries(world: World) -> Iterator[tuple[str, str]]:
    for process in world.processes:
        for worker in process.past:
            for wire in worker.connection.sent:
                frame = json.loads(wire)
                if frame["type"] == "command":
                    yield frame["id"], process.name


def slots_are_held_once(world: World) -> None:
    held = [worker.opened.live for _, worker in world.links if worker.connection.closed is None]
    assert len({live.slot for live in held}) == len(held) == len(world.processes)
    known = {worker.slot: worker for worker in world.shared.state.views.workers.values()}
    for live in held:
        assert known[live.slot].session_id == live.session_id
        assert known[live.slot].online
    assert {live.session_id for live in held} == world.shared.table.live.keys()


async def views_are_the_fold_of_the_logs(world: World) -> None:
    state = MemoryState(
        events=world.shared.state.events,
        journal=world.shared.state.journal,
        streams=world.shared.state.streams,
    )
    before = deepcopy(world.shared.state.views)
    await replay(
        events=MemoryEventStore(state),
        journal=MemoryJournal(state),
        views=MemoryProjectionStore(state),
        progress=lambda rows: None,
    )
    assert state.views == before
