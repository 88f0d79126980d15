"""How far a page of a search goes, and what it says of it."""

from __future__ import annotations

from collections.abc import Iterator

from taskdeck.domain.projections.folding import fold_events
from taskdeck.domain.projections.tasks import Task
from taskdeck.domain.queries import TaskPage
from taskdeck.domain.search import parse_query
from taskdeck.domain.search.scan import STEP, Scan

from ...builders import NOW, event

MANY = 5 * STEP


def tasks(*, at_one_time: bool = False) -> list[Task]:
    """The newest first; the oldest one alone is of worker w."""
    told = [
        event("task.started", f"{n:05}", at=NOW if at_one_time else NOW - n)
        for n in range(MANY - 1)
    ] + [event("task.started", "last", at=NOW - MANY, worker="w")]
    found = fold_events(told, {}).tasks
    return sorted(found, key=lambda task: (task.last_event_at, task.key), reverse=True)


def page_of(stored: list[Task], text: str, *, cursor: str | None = None, most: int) -> TaskPage:
    """What a store would do, for queries that no column tells."""
    scan = Scan(parse_query(text, now=NOW), cursor=cursor, limit=10, most=most)
    while not scan.finished:
        assert scan.step is not None
        open_still = [task for task in stored if task.last_event_at <= scan.upto]
        ends = open_still[scan.step - 1 : scan.step]
        floor = ends[0].last_event_at if ends else None
        scan.take(
            [
                task
                for task in open_still
                if (floor is None or task.last_event_at >= floor)
                and (task.last_event_at, *task.key[1:]) < scan.before
            ],
            floor=floor,
        )
    return scan.page()


def pages(stored: list[Task], text: str, most: int) -> Iterator[TaskPage]:
    cursor = None
    while True:
        page = page_of(stored, text, cursor=cursor, most=most)
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return


def test_a_page_that_looked_at_enough_says_how_far_it_came() -> None:
    *early, last = pages(tasks(), "runtime<1s", most=2 * STEP)
    assert [page.searched.complete for page in early] == [False, False]
    assert early[0].searched.back_to == NOW - 2 * STEP + 1
    assert not any(page.tasks for page in early)
    assert last.searched == (True, None)


def test_a_page_that_is_full_is_complete_as_far_as_it_goes() -> None:
    page = page_of(tasks(), "attempts:1", most=2 * STEP)
    assert len(page.tasks) == 10
    assert page.searched == (True, None)
    assert page.next_cursor is not None


def test_tasks_of_one_time_are_passed_in_one_step() -> None:
    found = [
        task.key.task_id
        for page in pages(tasks(at_one_time=True), "attempts:1 id:*last", most=STEP)
        for task in page.tasks
    ]
    assert found == ["last"]
