"""What may happen to a bulk operation, and what its entries make of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskdeck.domain import bulk_decisions as decide
from taskdeck.domain.bulk import Bulk, BulkStatus, bulk_of, fold_bulk, stream_of
from taskdeck.domain.bulk_items import (
    ITEMS_AN_ENTRY,
    Item,
    action_of_bulk,
    entries_of,
    items_in,
    reason_to_skip,
)
from taskdeck.domain.bulk_steps import Pace, step_of
from taskdeck.domain.command_folding import fold
from taskdeck.domain.errors import Conflict, InvalidInput
from taskdeck.domain.ids import BulkId, ReplicaId
from taskdeck.domain.instants import SECOND
from taskdeck.domain.journal import Entry, Recorded
from taskdeck.domain.projections.tasks import TaskKey, TaskState

from ...builders import NOW, PROJECT, entry

ME, OTHER = ReplicaId("r1"), ReplicaId("r2")
FAILED, STARTED, SUCCEEDED = TaskState.FAILED, TaskState.STARTED, TaskState.SUCCEEDED


def recorded(written: Entry, version: int) -> Recorded:
    stream = stream_of(BulkId("b1"))
    return Recorded(cursor="", stream=stream, version=version, entry=written, hash=b"")


def after(bulk: Bulk | None, written: Entry | None) -> Bulk:
    assert written is not None
    return fold_bulk(bulk, recorded(written, 1 if bulk is None else bulk.version + 1))


@pytest.fixture
def bulk() -> Bulk:
    wanted = decide.Wanted(action="retry_task", query="q", resolved_query="q", rate_per_second=10)
    created = decide.create(
        wanted, bulk_id=BulkId("b1"), project_id=PROJECT, items="i1", total=1_000, holder=ME,
        by="user:u1", at=NOW,
    )  # fmt: skip
    return after(None, created)


def test_it_is_paused_resumed_and_cancelled_once(bulk: Bulk) -> None:
    paused = after(bulk, decide.pause(bulk, by="x", at=NOW))
    assert paused.status is BulkStatus.PAUSED
    assert decide.pause(paused, by="x", at=NOW) is None
    resumed = after(paused, decide.resume(paused, by="x", at=NOW))
    assert resumed.status is BulkStatus.RUNNING
    assert decide.resume(resumed, by="x", at=NOW) is None
    cancelled = after(paused, decide.cancel(paused, by="x", at=NOW + 7))
    assert (cancelled.status, cancelled.finished_at) == (BulkStatus.CANCELLED, NOW + 7)
    assert decide.cancel(cancelled, by="x", at=NOW) is None
    for decision in (decide.pause, decide.resume):
        with pytest.raises(Conflict, match="ended already: cancelled"):
            decision(cancelled, by="x", at=NOW)


def test_it_is_taken_from_a_dead_replica_only(bulk: Bulk) -> None:
    assert decide.take(bulk, OTHER, {ME, OTHER}, at=NOW) is None
    taken = after(bulk, decide.take(bulk, OTHER, {OTHER}, at=NOW))
    assert taken.holder == OTHER
    paused = after(bulk, decide.pause(bulk, by="x", at=NOW))
    assert decide.take(paused, OTHER, {OTHER}, at=NOW) is None


def test_it_finishes_when_every_item_has_come_to_its_end(bulk: Bulk) -> None:
    skipped = dict.fromkeys(range(400), "why")
    reached = after(bulk, decide.advance(bulk, reached=1_000, skipped=skipped, at=NOW))
    assert (reached.done, reached.unanswered) == (400, 600)
    assert decide.finish(reached, at=NOW) is None
    ends = {"succeeded": 500, "timed_out": 60, "failed": 30, "unknown": 10}
    done = replace(reached, ends=ends)
    assert (done.succeeded, done.failed, done.unknown, done.skipped) == (500, 90, 10, 400)
    assert after(done, decide.finish(done, at=NOW + 5)).status is BulkStatus.FINISHED


def test_there_is_room_for_what_workers_keep_up_with(bulk: Bulk) -> None:
    assert decide.room(bulk, 3.9) == 3
    assert decide.room(replace(bulk, reached=400), 200) == 100
    assert decide.room(replace(bulk, reached=400, ends={"succeeded": 400}), 200) == 200
    assert decide.room(replace(bulk, reached=995, ends={"succeeded": 995}), 200) == 5


@pytest.mark.parametrize(
    ("action", "chosen", "present", "reason"),
    [
        ("retry_task", FAILED, FAILED, None),
        ("retry_task", SUCCEEDED, SUCCEEDED, None),
        ("retry_task", FAILED, SUCCEEDED, "was failed when it was chosen and is succeeded"),
        ("retry_task", FAILED, STARTED, "has not ended; it is started"),
        ("retry_task", TaskState.RETRIED, TaskState.RETRIED, "has not ended; it is retried"),
        ("cancel_task", TaskState.RECEIVED, STARTED, None),
        ("cancel_task", STARTED, FAILED, "has ended: failed"),
        ("reconcile_task", STARTED, FAILED, None),
        ("reconcile_task", STARTED, None, "is not known any more"),
    ],
)
def test_what_would_be_wrong_is_skipped(
    action: str, chosen: TaskState, present: TaskState | None, reason: str | None
) -> None:
    said = reason_to_skip(action, Item("celery", "t1", chosen), present)
    assert (said is None) if reason is None else (reason in (said or ""))


def test_only_what_takes_a_task_and_nothing_else_is_for_many() -> None:
    with pytest.raises(InvalidInput, match="retry_task, cancel_task, reconcile_task can"):
        action_of_bulk("purge_queue")


def test_a_step_makes_commands_up_to_its_room_and_says_what_it_skips(bulk: Bulk) -> None:
    items = [
        Item("celery", "t0", FAILED), Item("celery", "t1", FAILED), Item("huey", "t2", FAILED),
        Item("celery", "t3", FAILED), Item("celery", "t4", FAILED),
    ]  # fmt: skip
    states = {TaskKey(PROJECT, item.engine, item.task_id): item.state for item in items} | {
        TaskKey(PROJECT, "celery", "t1"): STARTED
    }
    step = step_of(replace(bulk, reached=10, total=15), items, states, {}, room=2, at=NOW)
    assert step.reached == 14
    assert sorted(step.skipped) == [11, 12]
    assert "huey keeps no arguments" in step.skipped[12]
    issues = [write.entries[0] for write in step.issues]
    assert [issue.data["task_id"] for issue in issues] == ["t0", "t3"]
    assert {issue.actor for issue in issues} == {"user:u1"}
    assert (
        step_of(replace(bulk, reached=10), items, states, {}, room=2, at=NOW + 9).issues[0].stream
        == step.issues[0].stream
    )


def test_commands_know_their_operation(bulk: Bulk) -> None:
    items = [Item("celery", "t0", FAILED)]
    states = {TaskKey(PROJECT, "celery", "t0"): FAILED}
    (write,) = step_of(bulk, items, states, {}, room=1, at=NOW).issues
    first = Recorded(cursor="", stream=write.stream, version=1, entry=write.entries[0], hash=b"")
    command = fold(None, first)
    assert bulk_of(command) == bulk.id
    assert bulk_of(replace(command, idempotency_key=None)) is None
    assert bulk_of(replace(command, idempotency_key="mine")) is None


@given(st.integers(1, 500), st.lists(st.integers(0, 3 * SECOND), max_size=50))
def test_the_pace_is_kept_however_turns_fall(rate: int, pauses: list[int]) -> None:
    now, pace, spent = NOW, Pace(rate, NOW), 0
    for pause in pauses:
        now += pause
        allowed = int(pace.allowance(now))
        assert allowed <= rate
        pace.spend(allowed)
        spent += allowed
    assert spent <= rate * (now - NOW) / SECOND + 1


@given(st.integers(0, 3 * ITEMS_AN_ENTRY))
def test_a_set_is_read_as_it_was_written(size: int) -> None:
    items = [Item("celery", f"t{number}", FAILED) for number in range(size)]
    parts = [items_in(entry("bulk.items", **data)) for data in entries_of(items)]
    assert [item for part in parts for item in part] == items
    assert all(len(part) == ITEMS_AN_ENTRY for part in parts[:-1])
