from __future__ import annotations

from taskdeck.domain.overview import busy_workers

from ...builders import NOW
from .test_lost_tasks import worker


def test_those_are_busy_that_tasks_name() -> None:
    workers = [worker("w1"), worker("w2", host_name="h", worker_pid=7), worker("w3")]
    assert busy_workers(workers, {"w1", "h@7", "stranger"}) == 2
    assert busy_workers(workers, ()) == 0


def test_not_one_that_left() -> None:
    assert busy_workers([worker("w1", left=NOW)], {"w1"}) == 0


def test_a_name_of_two_processes_is_counted_once() -> None:
    same = [worker(name, host_name="h", worker_pid=7) for name in ("w1", "w2")]
    assert busy_workers(same, {"h@7"}) == 1
    assert busy_workers(same, {"h@7", "w2"}) == 2
