"""The same random operations on the memory model and on a database give the same answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from taskdeck.domain import command_decisions as decide
from taskdeck.domain.actions import OrderRequest, prepare
from taskdeck.domain.batching import Batch
from taskdeck.domain.errors import StoreUnavailable, TaskdeckError
from taskdeck.domain.fleet import WorkerFilter
from taskdeck.domain.ids import CommandId, ReplicaId
from taskdeck.domain.instants import MINUTE, SECOND
from taskdeck.domain.journal import Entry
from taskdeck.domain.projections.tasks import TaskState
from taskdeck.domain.queries import EventFilter
from taskdeck.domain.search import Query, filtered
from taskdeck.domain.services.replay import replay

from ..builders import NOW, PROJECT, event, live_session, run_of, session_opened, write
from ..contracts.conftest import Stores, memory, postgres, sqlite
from ..postgres_server import PostgresServer

pytestmark = pytest.mark.timeout(300)
AnswerT = TypeVar("AnswerT")
BOUNDS = settings(
    max_examples=8,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TASKS = ["t0", "t1", "t2"]
FACTS = [
    fact
    for number, task_id in enumerate(TASKS)
    for outcome in ("succeeded", "failed")
    for fact in run_of(task_id, at=NOW + number * SECOND, outcome=outcome, queue="mail")
] + [event("queue.depth_report", "", at=NOW + n * SECOND, queue="mail", depth=n) for n in range(3)]
BATCHES = st.lists(st.sampled_from(FACTS), min_size=1, max_size=8)
NAMES = st.sampled_from(["c0", "c1", "c2"])
LIMITS = st.integers(1, 4)
SPAN: dict[str, Any] = {"since": NOW - MINUTE, "until": NOW + 10 * MINUTE}


class Model(RuleBasedStateMachine):
    """Subclasses say which database is held against the model."""

    def database(self) -> AbstractAsyncContextManager[Stores]:
        raise NotImplementedError

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._opened = [memory(None), self.database()]
        self.both: list[Stores] = [self.run(each.__aenter__()) for each in self._opened]
        self._versions: dict[str, int] = {}

    def run(self, work: Awaitable[AnswerT]) -> AnswerT:
        async def whole() -> AnswerT:
            return await work

        return self._runner.run(whole())

    def teardown(self) -> None:
        for each in self._opened:
            self.run(each.__aexit__(None, None, None))
        self._runner.close()

    def same(self, ask: Callable[[Stores], Awaitable[Any]]) -> Any:
        """What both answer, or the code of the error that both raise."""
        model, database = (self.run(_answer(ask(stores))) for stores in self.both)
        assert database == model
        return model

    @rule(facts=BATCHES)
    def append_events(self, facts: list[Any]) -> None:
        self.same(lambda stores: stores.events.append(Batch(tuple(facts))))

    @rule(name=NAMES, version=st.integers(0, 3))
    def append_notes(self, name: str, version: int) -> None:
        """At right and at wrong versions."""
        note = write(f"note:{name}", version, session_opened(live_session(name)).entries[0])
        self.same(lambda stores: _kinds(stores.journal.append(note)))

    @rule(name=NAMES)
    def open_session(self, name: str) -> None:
        self.same(lambda stores: _kinds(stores.journal.append(session_opened(live_session(name)))))

    @rule(name=NAMES, at=st.integers(0, 5))
    def issue(self, name: str, at: int) -> None:
        order = prepare(
            OrderRequest(action="cancel_task", engine="celery", task_id="t0"),
            at=NOW + at,
        )
        issued = decide.issue(
            order,
            command_id=CommandId(name),
            project_id=PROJECT,
            issued_by="key:1",
            at=NOW + at,
        )
        first = write(f"command:{name}", 0, issued)
        self.same(lambda stores: _kinds(stores.journal.append(first)))

    @rule(
        name=NAMES,
        step=st.sampled_from(["claim", "acknowledge", "finish", "lose", "expire"]),
    )
    def go_on(self, name: str, step: str) -> None:
        self.same(lambda stores: _decided(stores, CommandId(name), step))

    @rule(limit=LIMITS, newest=st.booleans(), kind=st.sampled_from([None, "task.started"]))
    def page_events(self, limit: int, newest: bool, kind: str | None) -> None:
        async def pages(stores: Stores) -> list[Any]:
            seen: list[Any] = []
            cursor = None
            while True:
                page = await stores.events.read(
                    PROJECT,
                    EventFilter(kind=kind),
                    after=cursor,
                    newest_first=newest,
                    limit=limit,
                )
                seen += page.events
                cursor = page.next_cursor
                if not page.events or cursor is None:
                    return seen

        self.same(pages)

    @rule(
        limit=LIMITS,
        where=st.sampled_from(
            [
                Query(),
                filtered(states=frozenset({TaskState.FAILED})),
                filtered(queue="mail", until=NOW + 4 * SECOND),
                filtered(name="shop.*", text="t1"),
            ]
        ),
    )
    def page_tasks(self, limit: int, where: Query) -> None:
        async def pages(stores: Stores) -> list[Any]:
            seen: list[Any] = []
            cursor = None
            while True:
                page = await stores.views.tasks(PROJECT, where, cursor=cursor, limit=limit)
                seen += [(task.key, task.to_document()) for task in page.tasks]
                cursor = page.next_cursor
                if cursor is None:
                    return seen

        self.same(pages)

    @rule()
    def rebuild(self) -> None:
        self.same(
            lambda stores: replay(
                events=stores.events,
                journal=stores.journal,
                views=stores.views,
                progress=lambda rows: None,
            )
        )

    @invariant()
    def views_agree(self) -> None:
        self.same(_views)


async def _answer(asked: Awaitable[Any]) -> Any:
    try:
        return await asked
    except StoreUnavailable:
        raise  # no answer that could be compared
    except TaskdeckError as error:
        return error.code


async def _kinds(appended: Awaitable[Any]) -> list[Any]:
    return [(each.stream, each.version, each.entry, each.hash) for each in await appended]


async def _decided(stores: Stores, name: CommandId, step: str) -> Any:
    command = await stores.views.command(PROJECT, name)
    if command is None:
        return None
    entry: Entry | None
    at, session = NOW + SECOND, live_session("s1")
    match step:
        case "claim":
            entry = decide.claim(command, session, token="k", at=at, replica_id=ReplicaId("r"))
        case "acknowledge":
            entry = decide.acknowledge(command, token="k", at=at)
        case "finish":
            entry = decide.finish(
                command,
                token="k",
                succeeded=True,
                result={"n": 2**70},
                error=None,
                at=at,
            )
        case "lose":
            entry = decide.lose_session(command, session.session_id, at=at)
        case _:
            entry = decide.expire(command, at=command.deadline)
    if entry is None:
        return None
    return await _kinds(stores.journal.append(write(command.stream, command.version, entry)))


async def _views(stores: Stores) -> list[Any]:
    views = stores.views
    return [
        [(row.key, row.to_document()) for row in await views.statistics(PROJECT, **SPAN)],
        list(await views.queues(PROJECT)),
        list(await views.queue_minutes(PROJECT, **SPAN)),
        (await stores.workers.page(PROJECT, WorkerFilter(), limit=500)).workers,
        await stores.workers.fleet(PROJECT, since=NOW),
        (await views.commands(PROJECT)).commands,
        list(await views.open_commands()),
        await views.oldest_waiting(PROJECT),
        [each.hash for each in await stores.journal.follow(None)],
    ]


def test_sqlite(tmp_path_factory: pytest.TempPathFactory) -> None:
    class OnSqlite(Model):
        def database(self) -> AbstractAsyncContextManager[Stores]:
            return sqlite(tmp_path_factory.mktemp("model"))

    run_state_machine_as_test(OnSqlite, settings=BOUNDS)


def test_postgres(postgres_server: PostgresServer, shared_postgres: str) -> None:
    class OnPostgres(Model):
        def database(self) -> AbstractAsyncContextManager[Stores]:
            postgres_server.empty(shared_postgres)
            return postgres(postgres_server.url_of(shared_postgres))

    run_state_machine_as_test(OnPostgres, settings=BOUNDS)
