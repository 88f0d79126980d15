from __future__ import annotations

from dataclasses import replace
from typing import Any

from taskdeck.domain.attention import LONG_WAIT, MOST_QUEUES, AttentionKind, attend
from taskdeck.domain.fleet import Fleet
from taskdeck.domain.instants import MINUTE, SECOND, Instant, minute_of
from taskdeck.domain.overview import NamedStatistics, QueueOverview, oversee_queue
from taskdeck.domain.project_overview import begin_of_window, oversee_project
from taskdeck.domain.projections.queues import Queue, QueueKey, QueueMinute, QueueMinuteKey
from taskdeck.domain.projections.statistics import MinuteStatistics, StatisticsKey, summarise

from ...builders import NOW, PROJECT

NOBODY = Fleet(online=0, losing=0, gone=0, left_at=None, deployments=())
MAIL = QueueKey(PROJECT, "celery", "mail")


def queue(
    *depths: tuple[Instant, int], started: int = 0, oldest: Instant | None = None
) -> QueueOverview:
    """A queue whose depth was measured at these times, and from which so many were taken just now."""
    row = Queue(MAIL)
    rows: dict[Instant, QueueMinute] = {}
    for at, depth in depths:
        row.measure(depth, at)
        minute = minute_of(at)
        place = rows.setdefault(minute, QueueMinute(QueueMinuteKey(MAIL, minute)))
        place.measure(depth, at)
    if started:
        minute = minute_of(NOW)
        rows.setdefault(minute, QueueMinute(QueueMinuteKey(MAIL, minute))).started = started
    return oversee_queue(row, [rows[minute] for minute in sorted(rows)], oldest, now=NOW)


def statistics(name: str = "shop.pay", **counts: int) -> MinuteStatistics:
    return MinuteStatistics(StatisticsKey(PROJECT, "celery", name, minute_of(NOW)), dict(counts))


def named(name: str = "shop.pay", **counts: int) -> NamedStatistics:
    return NamedStatistics("celery", name, summarise([statistics(name, **counts)]))


def kinds(**known: Any) -> list[AttentionKind]:
    nothing: dict[str, Any] = {"queues": (), "fleet": NOBODY, "lost": 0, "tasks": ()}
    return [found.kind for found in attend(**nothing | known, now=NOW)]


def test_nothing_is_wrong_with_nothing() -> None:
    assert kinds() == []


def test_of_many_queues_some_are_told_of() -> None:
    grows = queue((NOW - 8 * MINUTE, 2), (NOW - MINUTE, 9))
    found = attend(queues=[grows] * 5_000, fleet=NOBODY, lost=0, tasks=(), now=NOW)
    assert len(found) == MOST_QUEUES + 1
    assert found[-1].text.startswith("4980 more queues")


def test_a_queue_that_grows_while_nobody_takes_from_it() -> None:
    grows = queue((NOW - 8 * MINUTE, 2), (NOW - MINUTE, 9))
    assert kinds(queues=[grows]) == [AttentionKind.QUEUE_STUCK]
    (found,) = attend(queues=[grows], fleet=NOBODY, lost=0, tasks=(), now=NOW)
    assert "mail" in found.text
    assert "9 wait" in found.text


def test_a_queue_that_waits_for_long_with_nobody_there() -> None:
    still = ((NOW - 20 * MINUTE, 3),)
    assert kinds(queues=[queue(*still, oldest=NOW - LONG_WAIT - 1)]) == [AttentionKind.QUEUE_STUCK]
    assert kinds(queues=[queue(*still, oldest=NOW - LONG_WAIT)]) == []


def test_a_queue_known_to_be_empty_holds_nothing_up() -> None:
    """Tasks whose end was never told leave a trace of waiting behind."""
    assert kinds(queues=[queue((NOW - MINUTE, 0), oldest=NOW - 60 * MINUTE)]) == []


def test_a_queue_that_is_worked_on_may_grow_a_little_but_not_much() -> None:
    little = queue((NOW - 8 * MINUTE, 2), (NOW - MINUTE, 9), started=4)
    much = queue((NOW - 8 * MINUTE, 2), (NOW - MINUTE, 90), started=4)
    assert kinds(queues=[little]) == []
    assert kinds(queues=[much]) == [AttentionKind.QUEUE_GROWING]


def test_a_queue_that_shrinks_is_well() -> None:
    assert kinds(queues=[queue((NOW - 8 * MINUTE, 90), (NOW - MINUTE, 2), started=4)]) == []


def test_all_workers_gone() -> None:
    gone = replace(NOBODY, left_at=NOW - MINUTE)
    assert kinds(fleet=gone) == [AttentionKind.NO_WORKERS]
    assert kinds(fleet=replace(gone, online=1)) == []
    assert kinds(fleet=replace(NOBODY, left_at=NOW - 120 * MINUTE)) == []


def test_lost_tasks_are_told_of_once() -> None:
    (found,) = attend(queues=(), fleet=NOBODY, lost=2, tasks=(), now=NOW)
    assert found.kind is AttentionKind.TASKS_LOST
    assert "2 tasks" in found.text


def test_a_task_that_fails_often() -> None:
    assert kinds(tasks=[named(failed=5, succeeded=20)]) == [AttentionKind.TASKS_FAILING]
    assert kinds(tasks=[named(failed=5, succeeded=21)]) == []
    assert kinds(tasks=[named(failed=4)]) == []


def test_a_link_to_failures_can_be_read_back() -> None:
    from urllib.parse import parse_qs, urlsplit

    from taskdeck.domain.search import parse_query

    for name in ("shop.pay", 'a "quoted" name', "back\\slash", "a&b"):
        (found,) = attend(queues=(), fleet=NOBODY, lost=0, tasks=[named(name, failed=9)], now=NOW)
        query = parse_qs(urlsplit(found.link).query)["q"][0]
        assert parse_query(query, now=NOW) != parse_query("state:failed", now=NOW)


def test_workers_that_lose_events() -> None:
    losing = replace(NOBODY, online=5, losing=2)
    assert kinds(fleet=losing) == [AttentionKind.EVENTS_LOST]


def test_the_figures_of_a_project() -> None:
    now = minute_of(NOW) + 30 * SECOND
    row = statistics(succeeded=30, failed=10, retried=5, revoked=2, rejected=1)
    overview = oversee_project(
        rows=[row],
        queues=[queue((NOW, 7)), queue((NOW - 4 * MINUTE, 2), (NOW, 12))],
        fleet=NOBODY,
        busy=0,
        lost=0,
        now=now,
    )
    assert overview.throughput_per_second == round(40 / 270, 3)
    assert overview.failure_share == 0.25
    assert (overview.backlog, overview.backlog_growth_per_minute) == (19, 2)
    assert begin_of_window(now) == minute_of(NOW) - 14 * MINUTE


def test_a_project_of_which_nothing_is_known() -> None:
    overview = oversee_project(rows=(), queues=(), fleet=NOBODY, busy=0, lost=0, now=NOW)
    assert overview.failure_share is overview.run_p95_us is overview.backlog is None
    assert overview.throughput_per_second == 0
