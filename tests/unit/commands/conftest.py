"""Sessions, orders and streams of commands to play with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from taskdeck.domain import command_decisions as decisions
from taskdeck.domain.actions import OrderRequest, prepare
from taskdeck.domain.command_folding import fold
from taskdeck.domain.commands import Command
from taskdeck.domain.ids import AgentId, CommandId, ProjectId, ReplicaId, SessionId
from taskdeck.domain.instants import SECOND
from taskdeck.domain.journal import Entry, Recorded
from taskdeck.domain.sessions import Hello, LiveSession

NOW = 1_790_000_000 * SECOND
PROJECT = ProjectId("p1")

# What agents of 1.13.0 said in their hello.
ADVERTISED = {
    "celery": "add_consumer bulk_retry cancel_consumer cancel_task pool_grow pool_shrink "
    "purge_queue rate_limit restart_worker retry_by_reference_v1 retry_task submit_task",
    "rq": "bulk_retry cancel_task list_dead_letters purge_queue requeue_dead_letter "
    "retry_by_reference_v1 retry_task submit_task",
    "dramatiq": "list_dead_letters purge_queue retry_by_reference_v1 retry_task submit_task",
    "huey": "cancel_task retry_by_reference_v1 retry_task submit_task",
    "arq": "cancel_task submit_task",
    "taskiq": "submit_task",
}


class Story:
    """The stream of one command, folded entry by entry."""

    def __init__(self, issued: Entry) -> None:
        self.entries: list[Recorded] = []
        self.command: Command | None = None
        self.add(issued)

    def add(self, entry: Entry | None) -> Command:
        assert entry is not None, "nothing to record"
        version = len(self.entries) + 1
        stream = "command:c1"
        recorded = Recorded(
            cursor=str(version), stream=stream, version=version, entry=entry, hash=b""
        )
        self.command = fold(self.command, recorded)
        self.entries.append(recorded)
        return self.command

    @property
    def now(self) -> Command:
        assert self.command is not None
        return self.command


@pytest.fixture(scope="session")
def session() -> Callable[..., LiveSession]:
    def make(
        session_id: str = "s1",
        *,
        engines: str = "celery",
        agent: str = "a1",
        worker: str = "w1",
        project: str = PROJECT,
        tokens: str | None = None,
        features: tuple[str, ...] = ("retry_by_reference",),
        opened_at: int = NOW,
    ) -> LiveSession:
        names = tuple(engines.split())
        hello = Hello(
            agent_version="1.13.0",
            framework="bare",
            engines=names,
            schedulers=(),
            capabilities={
                name: frozenset((ADVERTISED[name] if tokens is None else tokens).split())
                for name in names
            },
            host_name="h",
            worker_id=worker,
            worker_role=None,
            worker_pid=1,
            worker_started_at=None,
            runtime_features=frozenset(features),
        )
        return LiveSession(
            session_id=SessionId(session_id),
            project_id=ProjectId(project),
            agent_id=AgentId(agent),
            hello=hello,
            opened_at=opened_at,
        )

    return make


@pytest.fixture(scope="session")
def story() -> Callable[..., Story]:
    def make(action: str, **request: Any) -> Story:
        order = prepare(OrderRequest(action=action, **request), at=NOW)
        return Story(
            decisions.issue(
                order,
                command_id=CommandId("c1"),
                project_id=PROJECT,
                issued_by="key:k1",
                at=NOW,
            )
        )

    return make


@pytest.fixture(scope="session")
def command(story: Callable[..., Story]) -> Callable[..., Command]:
    def make(action: str, **request: Any) -> Command:
        return story(action, **request).now

    return make


@pytest.fixture(scope="session")
def claimed(story: Callable[..., Story]) -> Callable[..., Story]:
    """A command that a session holds already."""

    def make(holder: LiveSession, action: str, **request: Any) -> Story:
        told = story(action, **request)
        told.add(
            decisions.claim(
                told.now, holder, token="t1", at=NOW + SECOND, replica_id=ReplicaId("r1"), depth=7
            )
        )
        return told

    return make
