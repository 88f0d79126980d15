from __future__ import annotations

from typing import Any

from taskdeck.domain.ids import SessionId, WorkerSlot
from taskdeck.domain.instants import SECOND, Instant
from taskdeck.domain.lost_tasks import PATIENCE, count_lost, lost_candidates
from taskdeck.domain.projections.tasks import Task, TaskKey
from taskdeck.domain.projections.workers import Worker

from ...builders import AGENT, NOW, PROJECT, event, hello

LATE = NOW + 10 * 60 * SECOND


def running(task_id: str = "t1", *, worker: str = "w1", at: Instant = NOW) -> Task:
    task = Task(TaskKey(PROJECT, "celery", task_id))
    task.fold(event("task.started", task_id, at=at, engine="celery", worker=worker))
    return task


def worker(name: str = "w1", *, left: Instant | None = None, **said: Any) -> Worker:
    return Worker(
        PROJECT,
        WorkerSlot(AGENT, name),
        session_id=SessionId(f"s-{name}"),
        hello=hello(name, **said),
        opened_at=NOW - SECOND,
        closed_at=left,
    )


def test_a_started_task_of_a_worker_that_left_is_a_candidate() -> None:
    left = NOW + 30 * SECOND
    (found,) = lost_candidates([running()], [worker(left=left)], now=LATE)
    assert (found.task.key.task_id, found.since) == ("t1", left)


def test_not_while_the_worker_is_connected() -> None:
    assert lost_candidates([running()], [worker()], now=LATE) == []


def test_not_before_the_worker_had_time_to_come_back() -> None:
    left = NOW + 30 * SECOND
    gone = [worker(left=left)]
    assert lost_candidates([running()], gone, now=left + PATIENCE - 1) == []
    assert lost_candidates([running()], gone, now=left + PATIENCE) != []


def test_not_if_something_was_heard_of_it_since() -> None:
    left = NOW + 30 * SECOND
    assert lost_candidates([running(at=left + 1)], [worker(left=left)], now=LATE) == []


def test_not_without_evidence_of_the_worker() -> None:
    assert lost_candidates([running(worker="stranger")], [worker(left=NOW)], now=LATE) == []


def test_one_process_of_the_name_that_is_still_there_is_enough() -> None:
    gone = worker("w1", left=NOW + 1)
    other = worker("w2", host_name="h", worker_pid=7)
    shared = [running(worker="h@7")]
    gone_too = worker("w3", left=NOW + 2, host_name="h", worker_pid=7)
    assert lost_candidates(shared, [gone, other, gone_too], now=LATE) == []
    assert lost_candidates(shared, [gone, gone_too], now=LATE)[0].since == NOW + 2


def test_a_process_that_began_anew_has_lost_what_the_one_before_it_ran() -> None:
    again = NOW + 90 * SECOND
    (found,) = lost_candidates([running()], [worker(worker_started_at=again)], now=LATE)
    assert found.since == again
    assert (
        lost_candidates([running(at=again + 1)], [worker(worker_started_at=again)], now=LATE) == []
    )


def test_a_task_that_ended_is_not_lost() -> None:
    task = running()
    task.fold(event("task.succeeded", "t1", at=NOW + SECOND, engine="celery"))
    assert lost_candidates([task], [worker(left=NOW + 30 * SECOND)], now=LATE) == []


def test_they_are_counted_without_their_tasks() -> None:
    left = NOW + 30 * SECOND
    workers = [worker("gone", left=left), worker("there")]
    at_work = {"gone": [NOW, left, left + 1], "there": [NOW], "stranger": [NOW], "": [NOW]}
    assert count_lost(at_work, workers, now=LATE) == 2
    assert count_lost(at_work, workers, now=left + PATIENCE - 1) == 0
