"""Workers, from sessions that open and close in any order."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from taskdeck.domain.ids import AgentId, ProjectId, WorkerSlot
from taskdeck.domain.journal import Entry
from taskdeck.domain.projections.workers import Worker, slot_of
from taskdeck.domain.sessions import Hello

PROJECT = ProjectId("p")
SLOT = WorkerSlot(AgentId("a"), "w")
HELLO = Hello(
    agent_version="1.13.0",
    framework="django",
    engines=("celery",),
    schedulers=(),
    capabilities={"celery": frozenset({"retry_task"})},
    host_name="h",
    worker_id="w",
    worker_role="task",
    worker_pid=7,
    worker_started_at=1,
    runtime_features=frozenset({"retry_by_reference"}),
)


def entry(kind: str, at: int, session_id: str, **data: Any) -> Entry:
    whole = {"session_id": session_id, "agent_id": "a", "worker_id": "w", **data}
    return Entry(kind=kind, at=at, actor="brain", project_id=PROJECT, data=whole)


def opened(at: int, session_id: str, hello: Hello = HELLO) -> Entry:
    return entry("session.opened", at, session_id, **hello.to_data())


def closed(at: int, session_id: str, reason: str = "gone") -> Entry:
    return entry("session.closed", at, session_id, reason=reason)


def folded(*entries: Entry) -> Worker:
    worker = Worker(PROJECT, SLOT)
    for each in entries:
        worker.fold(each)
    return worker


def test_slot_that_nobody_held() -> None:
    worker = Worker(PROJECT, SLOT)

    assert not worker.online
    assert worker.hello is None


def test_open_session() -> None:
    worker = folded(opened(10, "s1"))

    assert worker.online
    assert (worker.session_id, worker.opened_at, worker.hello) == ("s1", 10, HELLO)
    assert (worker.closed_at, worker.close_reason) == (None, None)


def test_closed_session() -> None:
    worker = folded(opened(10, "s1"), closed(20, "s1", "idle"))

    assert not worker.online
    assert (worker.closed_at, worker.close_reason, worker.opened_at) == (20, "idle", 10)
    assert worker.hello == HELLO, "it is still known who that was"


def test_replaced_session_closes_after_its_successor_opened() -> None:
    """The process came back before the server saw the break; the two sessions end in any order."""
    first, gone = opened(10, "s1"), closed(31, "s1", "replaced")
    second = opened(30, "s2", replace(HELLO, worker_pid=8))

    orders = [
        order
        for order in permutations((first, gone, second))
        if order.index(first) < order.index(gone)
    ]
    assert len(orders) == 3
    for order in orders:
        worker = folded(*order)
        assert worker.online
        assert worker.session_id == "s2"
        assert worker.hello is not None
        assert worker.hello.worker_pid == 8


def test_sessions_of_one_moment_settle_the_same_way() -> None:
    for order in permutations((opened(10, "s1"), opened(10, "s2"))):
        assert folded(*order).session_id == "s2"


def test_folding_again_changes_nothing() -> None:
    story = (opened(10, "s1"), closed(20, "s1"), opened(30, "s2"), closed(40, "s2", "idle"))
    worker = folded(*story)
    before = worker.to_document()

    for each in (*story, *reversed(story)):
        worker.fold(each)

    assert worker.to_document() == before
    assert not worker.online


def test_close_of_a_session_that_is_not_the_latest() -> None:
    worker = folded(opened(30, "s2"), closed(20, "s1"))

    assert worker.online


@pytest.mark.parametrize("kind", ["session.renamed", "agent.minted"])
def test_other_entries_mean_nothing(kind: str) -> None:
    worker = folded(opened(10, "s1"), entry(kind, 20, "s1"))

    assert worker.online


@pytest.mark.parametrize("worker", [
    folded(), folded(opened(10, "s1")), folded(opened(10, "s1"), closed(20, "s1")),
], ids=["never", "online", "gone"])  # fmt: skip
def test_worker_survives_its_document(worker: Worker) -> None:
    document = json.loads(json.dumps(worker.to_document()))

    assert Worker.from_document(PROJECT, SLOT, document) == worker


def test_slot_of_an_entry() -> None:
    assert slot_of(opened(10, "s1")) == slot_of(closed(20, "s1")) == SLOT


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("api-6f9c7d5b4f-x2vqj", "api"),
        ("worker-12", "worker"),
        ("ip-10-0-3-17", "ip"),
        ("3f9ac01b77de", "containers"),
        ("mail", "mail"),
        ("42", "42"),
        ("", ""),
    ],
)
def test_a_deployment_is_called_the_same_after_each_start(host: str, expected: str) -> None:
    worker = folded(opened(1, "s1", replace(HELLO, host_name=host)))
    assert worker.deployment == f"celery · {expected}"
