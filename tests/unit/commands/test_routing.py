"""Which session gets a command, and what is said when none does (§8.2, §10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from taskdeck.domain import command_decisions as decisions
from taskdeck.domain.actions import OrderRequest
from taskdeck.domain.errors import InvalidInput
from taskdeck.domain.ids import SessionId
from taskdeck.domain.routing import choose, explain, fits, infer_engine

Make = Callable[..., Any]

SUBMIT = {"engine": "celery", "parameters": {"name": "app.add"}}
CALL = {"task_name": "app.add", "override_args": [4], "override_kwargs": {}}


def test_the_session_with_the_fewest_open_commands_gets_it(session: Make, command: Make) -> None:
    sessions = [session(f"s{number}", worker=f"w{number}") for number in range(3)]
    load = {SessionId("s0"): 2, SessionId("s1"): 1, SessionId("s2"): 1}

    chosen = choose(command("submit_task", **SUBMIT), sessions, load)

    assert chosen is sessions[1]


def test_a_session_without_known_load_has_none(session: Make, command: Make) -> None:
    busy, idle = session("s1"), session("s2", worker="w2")

    assert choose(command("submit_task", **SUBMIT), [busy, idle], {SessionId("s1"): 1}) is idle


def test_of_equals_the_oldest_then_the_first_by_name(session: Make, command: Make) -> None:
    waiting = command("submit_task", **SUBMIT)
    old = session("s9", worker="w9", opened_at=1)
    young = [session("s2", worker="w2", opened_at=2), session("s1", worker="w1", opened_at=2)]

    assert choose(waiting, [*young, old], {}) is old
    assert choose(waiting, young, {}) is young[1]


def test_nobody_connected(command: Make) -> None:
    waiting = command("submit_task", **SUBMIT)

    assert choose(waiting, [], {}) is None
    assert explain(waiting, []) == "no worker of the project is connected"


def test_other_projects_are_out_of_reach(session: Make, command: Make) -> None:
    waiting = command("submit_task", **SUBMIT)

    assert choose(waiting, [session(project="p2")], {}) is None


def test_a_fitting_worker(session: Make, command: Make) -> None:
    assert explain(command("submit_task", **SUBMIT), [session()]) == "a fitting worker is connected"


def test_the_agent_that_was_asked_for(session: Make, command: Make) -> None:
    waiting = command("submit_task", agent_id="a2", **SUBMIT)
    mine = session("s2", agent="a2")

    assert choose(waiting, [session(), mine], {}) is mine
    assert explain(waiting, [session()]) == "no worker of agent a2 is connected"


def test_the_worker_that_was_asked_for(session: Make, command: Make) -> None:
    waiting = command("submit_task", worker_id="w2", **SUBMIT)
    mine = session("s2", worker="w2")

    assert choose(waiting, [session(), mine], {}) is mine
    assert explain(waiting, [session()]) == "worker w2 is not connected"


def test_a_worker_id_that_two_agents_use_needs_the_agent(session: Make, command: Make) -> None:
    sessions = [session("s1", agent="a1"), session("s2", agent="a2")]

    assert choose(command("submit_task", worker_id="w1", **SUBMIT), sessions, {}) is None
    assert "name the agent_id too: a1, a2" in explain(
        command("submit_task", worker_id="w1", **SUBMIT), sessions
    )
    both = command("submit_task", worker_id="w1", agent_id="a2", **SUBMIT)
    assert choose(both, sessions, {}) is sessions[1]


def test_the_engine_must_be_present(session: Make, command: Make) -> None:
    waiting = command("submit_task", **SUBMIT)

    assert not fits(waiting, session(engines="rq huey"))
    assert fits(waiting, session(engines="rq celery"))
    assert explain(waiting, [session(engines="rq")]) == "no connected worker has engine celery"


def test_capabilities_belong_to_the_connection(session: Make, command: Make) -> None:
    """A web process without broker access shares the token of a Celery worker."""
    waiting = command("purge_queue", engine="celery", parameters={"queue": "q"})
    web, worker = session("s1", tokens="submit_task"), session("s2", worker="w2")

    assert choose(waiting, [web, worker], {SessionId("s2"): 9}) is worker
    assert "no connected celery worker can purge_queue" in explain(waiting, [web])


def test_a_capability_of_another_engine_does_not_count(session: Make, command: Make) -> None:
    waiting = command("cancel_task", engine="dramatiq", task_id="t")

    assert not fits(waiting, session(engines="dramatiq celery"))


def test_dead_letters_have_a_capability_of_another_name(session: Make, command: Make) -> None:
    waiting = command("dlq.list", engine="dramatiq")

    assert fits(waiting, session(engines="dramatiq"))
    assert not fits(waiting, session(engines="dramatiq", tokens="dlq.list submit_task"))


def test_reconciling_takes_no_capability(session: Make, command: Make) -> None:
    waiting = command("reconcile_task", engine="celery", task_id="t")

    assert fits(waiting, session(tokens=""))


@pytest.mark.parametrize(
    ("action", "request_"),
    [
        ("retry_task", {"engine": "rq", "task_id": "t"}),
        ("bulk_retry", {"engine": "rq", "parameters": {"filter": {"task_ids": ["t"]}}}),
        ("requeue_dead_letter", {"engine": "rq", "task_id": "t"}),
    ],
)
def test_old_agents_do_not_retry(
    session: Make, command: Make, action: str, request_: dict[str, Any]
) -> None:
    waiting = command(action, **request_)

    assert fits(waiting, session(engines="rq"))
    assert not fits(waiting, session(engines="rq", features=()))
    assert "too old to retry safely" in explain(waiting, [session(engines="rq", features=())])


def test_old_agents_may_submit(session: Make, command: Make) -> None:
    assert fits(command("submit_task", **SUBMIT), session(features=()))


@pytest.mark.parametrize("engine", ["arq", "taskiq"])
def test_a_complete_call_is_retried_by_submitting(
    session: Make, command: Make, engine: str
) -> None:
    waiting = command("retry_task", engine=engine, task_id="t", parameters=CALL)

    assert fits(waiting, session(engines=engine))
    assert not fits(waiting, session(engines=engine, tokens="cancel_task"))


def test_an_incomplete_call_is_not_submitted(session: Make, command: Make) -> None:
    by_reference = command("retry_task", engine="celery", task_id="t")

    assert not fits(by_reference, session(tokens="submit_task"))
    assert "submit_task and both overrides" in explain(
        by_reference, [session(tokens="submit_task")]
    )


class TestRestart:
    def test_any_celery_worker_can_restart_a_node(self, session: Make, command: Make) -> None:
        waiting = command("restart_worker", engine="celery", parameters={"worker_name": "w1@h"})

        assert fits(waiting, session(worker="w2"))

    def test_without_the_capability_only_the_named_process_leaves(
        self, session: Make, command: Make
    ) -> None:
        waiting = command("restart_worker", engine="huey", worker_id="w1")

        assert fits(waiting, session(engines="huey", worker="w1"))
        assert not fits(waiting, session(engines="huey", worker="w2"))

    def test_no_process_leaves_that_was_not_named(self, session: Make, command: Make) -> None:
        waiting = command("restart_worker", engine="celery", parameters={"worker_name": "w1@h"})

        assert not fits(waiting, session(tokens="submit_task"))
        assert "name the worker_id" in explain(waiting, [session(tokens="submit_task")])


def test_a_second_delivery_goes_to_the_same_worker_of_the_same_agent(
    session: Make, claimed: Make
) -> None:
    told = claimed(session(), "cancel_task", engine="celery", task_id="t")
    released = told.add(decisions.lose_session(told.now, SessionId("s1"), at=told.now.issued_at))
    others = [session("s2", worker="w2"), session("s3", agent="a2")]

    assert choose(released, others, {}) is None
    assert "worker w1 got the command before" in explain(released, others)
    back = session("s4")
    assert choose(released, [*others, back], {}) is back


class TestInferredEngine:
    def test_a_named_one_is_kept(self, session: Make) -> None:
        asked = OrderRequest(action="cancel_task", engine="rq")

        assert infer_engine(asked, [session()]) == "rq"

    def test_one_named_among_the_parameters_is_kept(self) -> None:
        asked = OrderRequest(action="bulk_retry", parameters={"filter": {"engine": "rq"}})

        assert infer_engine(asked, []) == "rq"

    def test_the_only_one_that_has_the_action(self) -> None:
        assert infer_engine(OrderRequest(action="pool_grow"), []) == "celery"

    def test_the_only_one_that_is_connected(self, session: Make) -> None:
        asked = OrderRequest(action="cancel_task", task_id="t")
        sessions = [session("s1", engines="huey"), session("s2", engines="huey taskiq")]

        # taskiq has no cancel_task, so huey is the only one that could be meant.
        assert infer_engine(asked, sessions) == "huey"

    def test_only_workers_asked_for_are_looked_at(self, session: Make) -> None:
        sessions = [session("s1"), session("s2", agent="a2", worker="w2", engines="rq")]

        by_agent = OrderRequest(action="submit_task", agent_id="a2")
        by_worker = OrderRequest(action="submit_task", worker_id="w1")

        assert infer_engine(by_agent, sessions) == "rq"
        assert infer_engine(by_worker, sessions) == "celery"

    def test_several_are_listed(self, session: Make) -> None:
        sessions = [session("s1"), session("s2", worker="w2", engines="rq")]

        with pytest.raises(InvalidInput, match="submit_task with celery, rq"):
            infer_engine(OrderRequest(action="submit_task"), sessions)

    def test_none_is_said(self) -> None:
        with pytest.raises(InvalidInput, match="no connected worker can purge_queue") as refusal:
            infer_engine(OrderRequest(action="purge_queue"), [])
        assert refusal.value.details["field"] == "engine"

    def test_an_unknown_action_is_said_first(self) -> None:
        with pytest.raises(InvalidInput, match="there is no action 'nosuch'"):
            infer_engine(OrderRequest(action="nosuch"), [])
