"""What is sent for each action, and what is refused before (§8.3-8.6)."""

from __future__ import annotations

from typing import Any

import pytest

from taskdeck.domain.actions import ACTIONS, OrderRequest, PreparedOrder, prepare
from taskdeck.domain.actions.queues import needs_confirmation, with_confirmation
from taskdeck.domain.errors import InvalidInput
from taskdeck.domain.instants import SECOND

NOW = 1_790_000_000 * SECOND
NOW_SECONDS = 1_790_000_000

CALL = {"task_name": "app.add", "override_args": [4], "override_kwargs": {}}


def order(action: str, engine: str | None = "celery", **request: Any) -> PreparedOrder:
    return prepare(OrderRequest(action=action, engine=engine, **request), at=NOW)


def refusal(action: str, engine: str | None = "celery", **request: Any) -> tuple[str, str]:
    """The field and the message of a request that must be refused."""
    with pytest.raises(InvalidInput) as refused:
        order(action, engine, **request)
    return refused.value.details["field"], refused.value.message


class TestAddressing:
    @pytest.mark.parametrize(
        ("action", "request_", "target", "parameters"),
        [
            (
                "submit_task",
                {"parameters": {"name": "app.add", "args": [5, 6]}},
                {"type": "task", "id": "", "engine": "celery"},
                {"engine": "celery", "name": "app.add", "args": [5, 6]},
            ),
            (
                "cancel_task",
                {"task_id": "t-1"},
                {"type": "task", "id": "t-1", "engine": "celery"},
                {"engine": "celery", "task_id": "t-1"},
            ),
            (
                "bulk_retry",
                {"parameters": {"filter": {"task_ids": ["a", "b"]}, "max": 10}},
                {"type": "task", "id": "", "engine": "celery"},
                {
                    "engine": "celery",
                    "filter": {"engine": "celery", "task_ids": ["a", "b"]},
                    "max": 10,
                },
            ),
            (
                "purge_queue",
                {"parameters": {"queue": "mail"}},
                {"type": "queue", "id": "mail", "engine": "celery"},
                {"engine": "celery", "queue": "mail", "force": False},
            ),
            (
                "pool_grow",
                {"parameters": {"worker_name": "w1@h"}},
                {"type": "worker", "id": "w1@h", "engine": "celery"},
                {"engine": "celery", "worker_name": "w1@h", "delta": 1},
            ),
            (
                "cancel_consumer",
                {"parameters": {"worker_name": "w1@h", "queue": "q2"}},
                {"type": "worker", "id": "w1@h", "engine": "celery"},
                {"engine": "celery", "worker_name": "w1@h", "queue": "q2"},
            ),
        ],
    )
    def test_target_and_parameters_as_sent(
        self, action: str, request_: Any, target: Any, parameters: Any
    ) -> None:
        prepared = order(action, **request_)

        assert prepared.target == target
        assert prepared.parameters == parameters

    def test_a_rate_limit_for_all_nodes_names_none(self) -> None:
        """Agents take any target.id of a rate limit for the name of a node."""
        limit = {"task_name": "app.add", "rate": "10/m"}

        assert order("rate_limit", parameters=limit).target["id"] == ""
        named = order("rate_limit", parameters={**limit, "worker_name": "w1@h"})
        assert named.target["id"] == "w1@h"

    def test_dead_letters_of_all_queues_or_of_one(self) -> None:
        everything = order("dlq.list", "rq")

        assert everything.target == {"type": "queue", "id": "", "engine": "rq"}
        assert everything.parameters == {"engine": "rq", "limit": 100}
        assert order("dlq.list", "rq", parameters={"queue": "q"}).queue == "q"

    def test_engine_and_task_may_be_named_twice_if_they_agree(self) -> None:
        prepared = order(
            "cancel_task", task_id="t", parameters={"engine": "celery", "task_id": "t"}
        )

        assert prepared.parameters == {"engine": "celery", "task_id": "t"}

    def test_places_that_differ_are_refused(self) -> None:
        field, message = refusal("cancel_task", task_id="t", parameters={"engine": "rq"})
        assert field == "parameters.engine"
        assert message == "parameters.engine is 'rq', but 'celery' is named elsewhere"

        field, _ = refusal("cancel_task", task_id="t", parameters={"task_id": "u"})
        assert field == "parameters.task_id"

        selection = {"engine": "rq", "task_ids": ["t"]}
        field, _ = refusal("bulk_retry", parameters={"filter": selection})
        assert field == "parameters.filter.engine"

    def test_the_engine_may_come_from_the_parameters_alone(self) -> None:
        assert order("cancel_task", None, task_id="t", parameters={"engine": "rq"}).engine == "rq"

    def test_no_engine(self) -> None:
        field, message = refusal("purge_queue", None, parameters={"queue": "q"})

        assert field == "engine"
        assert message == "name the engine; celery, rq, dramatiq can purge_queue"

    def test_a_task_is_named_where_one_is_needed_and_only_there(self) -> None:
        assert refusal("cancel_task") == ("task_id", "task_id is required")
        assert refusal("pool_grow", task_id="t") == ("task_id", "pool_grow takes no task_id")


class TestCatalogue:
    def test_an_unknown_action_lists_the_known_ones(self) -> None:
        field, message = refusal("nosuch")

        assert field == "action"
        assert all(name in message for name in ACTIONS)

    def test_schedules_are_not_ordered_yet(self) -> None:
        assert refusal("schedule.trigger_now")[0] == "action"

    def test_an_unknown_engine_lists_the_known_ones(self) -> None:
        assert refusal("submit_task", "sidekiq", parameters={"name": "t"}) == (
            "engine",
            "engine 'sidekiq' is not known; known are celery, rq, dramatiq, huey, arq, taskiq",
        )

    @pytest.mark.parametrize(
        ("action", "engine"),
        [
            ("bulk_retry", "huey"),
            ("cancel_task", "taskiq"),
            ("purge_queue", "arq"),
            ("requeue_dead_letter", "dramatiq"),
            ("dlq.list", "celery"),
            ("pool_shrink", "rq"),
            ("add_consumer", "rq"),
            ("rate_limit", "huey"),
        ],
    )
    def test_an_engine_without_the_action(self, action: str, engine: str) -> None:
        field, message = refusal(action, engine)

        assert field == "engine"
        assert message.startswith(f"{engine} cannot {action}; only ")

    def test_only_harmless_actions_are_sent_again(self) -> None:
        redeliverable = {name for name, action in ACTIONS.items() if action.redeliverable}

        assert redeliverable == {"cancel_task", "reconcile_task"}


class TestSubmit:
    @pytest.mark.parametrize(
        ("engine", "option"),
        [
            ("rq", {"priority": 3}),
            ("arq", {"priority": 3}),
            ("taskiq", {"priority": 3}),
            ("taskiq", {"eta": NOW_SECONDS}),
            ("taskiq", {"eta_seconds": 5}),
            ("dramatiq", {"priority": 3}),
            ("dramatiq", {"eta": 123}),
            ("dramatiq", {"eta_seconds": 5}),
        ],
    )
    def test_options_that_the_engine_lacks(self, engine: str, option: dict[str, Any]) -> None:
        (name,) = option
        field, message = refusal("submit_task", engine, parameters={"name": "t", **option})

        assert field == f"parameters.{name}"
        assert message == f"{engine} has no {name}; leave it out"

    @pytest.mark.parametrize("engine", ["celery", "huey"])
    def test_options_that_the_engine_has(self, engine: str) -> None:
        given = {"name": "t", "queue": "q", "eta_seconds": 1.5, "priority": 9}

        assert order("submit_task", engine, parameters=given).parameters == {
            "engine": engine,
            **given,
        }

    def test_a_time_is_given_once(self) -> None:
        given = {"name": "t", "eta": NOW_SECONDS, "eta_seconds": 5}

        assert refusal("submit_task", parameters=given) == (
            "parameters.eta_seconds",
            "give eta or eta_seconds, not both",
        )

    def test_a_priority_is_a_number_here(self) -> None:
        assert refusal("submit_task", parameters={"name": "t", "priority": "high"}) == (
            "parameters.priority",
            "parameters.priority must be a whole number, not text",
        )


class TestRetry:
    @pytest.mark.parametrize("engine", ["celery", "rq"])
    def test_by_reference(self, engine: str) -> None:
        given = {"override_args": None, "override_kwargs": None, "args": None, "kwargs": None}

        prepared = order("retry_task", engine, task_id="t", parameters=given)

        assert prepared.parameters == {"engine": engine, "task_id": "t"}

    @pytest.mark.parametrize("engine", ["huey", "dramatiq", "arq", "taskiq"])
    def test_by_reference_where_nothing_is_kept(self, engine: str) -> None:
        field, message = refusal("retry_task", engine, task_id="t")

        assert field == "parameters.override_args"
        assert message == (
            f"{engine} keeps no arguments to retry with; "
            "give override_args, override_kwargs and task_name"
        )

    @pytest.mark.parametrize("engine", ["celery", "rq", "huey", "dramatiq", "arq", "taskiq"])
    def test_a_complete_call(self, engine: str) -> None:
        prepared = order("retry_task", engine, task_id="t", parameters=CALL)

        assert prepared.parameters == {"engine": engine, "task_id": "t", **CALL}

    @pytest.mark.parametrize("engine", ["rq", "huey", "dramatiq", "arq", "taskiq"])
    @pytest.mark.parametrize("missing", ["task_name", "override_args", "override_kwargs"])
    def test_half_a_call(self, engine: str, missing: str) -> None:
        given = {name: value for name, value in CALL.items() if name != missing}

        field, message = refusal("retry_task", engine, task_id="t", parameters=given)

        assert field == f"parameters.{missing}"
        assert message.startswith(f"{engine} needs ")

    @pytest.mark.parametrize("half", ["override_args", "override_kwargs"])
    def test_celery_finds_the_other_half_itself(self, half: str) -> None:
        prepared = order("retry_task", task_id="t", parameters={half: CALL[half]})

        assert prepared.parameters[half] == CALL[half]

    @pytest.mark.parametrize("name", ["unknown", "<unknown:1f0c22aa>"])
    def test_placeholders_are_no_names(self, name: str) -> None:
        field, message = refusal("retry_task", task_id="t", parameters={"task_name": name})

        assert field == "parameters.task_name"
        assert "give the real one" in message

    def test_stored_arguments_are_never_sent(self) -> None:
        field, message = refusal("retry_task", task_id="t", parameters={"args": [1]})

        assert field == "parameters.args"
        assert "redacted; give override_args and override_kwargs" in message

    @pytest.mark.parametrize("time", [{"eta": NOW_SECONDS + 60}, {"eta_seconds": 60}])
    def test_rq_cannot_delay_a_retry_by_reference(self, time: dict[str, Any]) -> None:
        assert refusal("retry_task", "rq", task_id="t", parameters=time)[0] == (
            "parameters.override_args"
        )
        assert order("retry_task", "rq", task_id="t", parameters={**CALL, **time})

    @pytest.mark.parametrize("engine", ["dramatiq", "taskiq"])
    def test_engines_that_cannot_delay(self, engine: str) -> None:
        given = {**CALL, "eta_seconds": 5}

        assert refusal("retry_task", engine, task_id="t", parameters=given)[0] == (
            "parameters.eta_seconds"
        )

    @pytest.mark.parametrize("away", [-60, 0, 365 * 24 * 3_600])
    def test_times_within_a_year(self, away: int) -> None:
        assert order("retry_task", task_id="t", parameters={"eta": NOW_SECONDS + away})

    @pytest.mark.parametrize("away", [-61, 365 * 24 * 3_600 + 1])
    def test_times_out_of_reach(self, away: int) -> None:
        field, message = refusal("retry_task", task_id="t", parameters={"eta": NOW_SECONDS + away})

        assert field == "parameters.eta"
        assert "at most 60 seconds ago and at most 365 days ahead" in message

    @pytest.mark.parametrize("priority", ["critical", "low", 0, 255])
    def test_priorities(self, priority: str | int) -> None:
        given = {"priority": priority}

        assert order("retry_task", task_id="t", parameters=given).parameters["priority"] == (
            priority
        )

    @pytest.mark.parametrize("priority", ["urgent", -1, 256, True, 1.0, [1]])
    def test_no_priorities(self, priority: Any) -> None:
        assert refusal("retry_task", task_id="t", parameters={"priority": priority})[0] == (
            "parameters.priority"
        )

    def test_huey_takes_numbers_as_priority(self) -> None:
        assert order("retry_task", "huey", task_id="t", parameters={**CALL, "priority": 5})
        labelled = {**CALL, "priority": "high"}
        assert refusal("retry_task", "huey", task_id="t", parameters=labelled) == (
            "parameters.priority",
            "huey takes a number as priority",
        )

    @pytest.mark.parametrize("engine", ["rq", "dramatiq", "arq", "taskiq"])
    def test_engines_without_priority(self, engine: str) -> None:
        given = {**CALL, "priority": 5}

        assert refusal("retry_task", engine, task_id="t", parameters=given)[0] == (
            "parameters.priority"
        )

    def test_dead_letters_are_requeued_by_reference_or_as_a_complete_call(self) -> None:
        assert order("requeue_dead_letter", "rq", task_id="t")
        assert order("requeue_dead_letter", "rq", task_id="t", parameters=CALL)
        half = {"task_name": "app.add", "override_args": [1]}
        assert refusal("requeue_dead_letter", "rq", task_id="t", parameters=half)[0] == (
            "parameters.override_kwargs"
        )


class TestBulkRetry:
    def select(self, engine: str = "celery", **selection: Any) -> tuple[str, str]:
        return refusal("bulk_retry", engine, parameters={"filter": selection})

    @pytest.mark.parametrize("engine", ["celery", "rq"])
    def test_at_least_one_task(self, engine: str) -> None:
        assert self.select(engine)[1] == "parameters.filter.task_ids is required"
        assert self.select(engine, task_ids=[])[1] == (
            "parameters.filter.task_ids must have 1 to 10000 items, not 0"
        )

    def test_each_task_once(self) -> None:
        assert self.select(task_ids=["a", "a"]) == (
            "parameters.filter.task_ids",
            "parameters.filter.task_ids names something twice",
        )

    @pytest.mark.parametrize("limit", [0, 10_001])
    def test_the_maximum(self, limit: int) -> None:
        given = {"filter": {"task_ids": ["a"]}, "max": limit}

        assert refusal("bulk_retry", parameters=given) == (
            "parameters.max",
            f"parameters.max must be 1 to 10000, not {limit}",
        )

    def test_without_a_maximum_the_list_counts(self) -> None:
        prepared = order("bulk_retry", parameters={"filter": {"task_ids": ["a"]}})

        assert prepared.parameters["max"] == 10_000

    def test_names_are_real_and_of_these_tasks(self) -> None:
        assert self.select(task_ids=["a"], task_names={"a": "<unknown:1>"})[0] == (
            "parameters.filter.task_names.a"
        )
        assert self.select(task_ids=["a"], task_names={"b": "app.add"}) == (
            "parameters.filter.task_names",
            "parameters.filter.task_names names 'b', which is not in task_ids",
        )

    def test_a_call_of_ones_own_needs_a_name_and_both_halves(self) -> None:
        call = {"args": [1], "kwargs": {}}

        assert order(
            "bulk_retry",
            "rq",
            parameters={
                "filter": {"task_ids": ["a"], "task_names": {"a": "f"}, "overrides": {"a": call}}
            },
        )
        assert self.select("rq", task_ids=["a"], overrides={"a": call})[0] == (
            "parameters.filter.task_names.a"
        )
        assert self.select("rq", task_ids=["a"], overrides={"a": {"args": [1]}})[0] == (
            "parameters.filter.overrides.a.kwargs"
        )

    def test_what_the_engine_would_ignore(self) -> None:
        call: dict[str, Any] = {"a": {"args": [], "kwargs": {}}}

        assert self.select("celery", task_ids=["a"], overrides=call)[0] == (
            "parameters.filter.overrides"
        )
        assert self.select("rq", task_ids=["a"], task_priorities={"a": "high"})[0] == (
            "parameters.filter.task_priorities"
        )
        assert order(
            "bulk_retry",
            parameters={"filter": {"task_ids": ["a"], "task_priorities": {"a": "high"}}},
        )


class TestQueues:
    def test_a_purge_is_confirmed_unless_forced(self) -> None:
        careful = order("purge_queue", parameters={"queue": "q"})
        forced = order("purge_queue", parameters={"queue": "q", "force": True})

        assert needs_confirmation(careful.action, careful.parameters)
        assert not needs_confirmation(forced.action, forced.parameters)
        assert not needs_confirmation("dlq.list", {})

    def test_the_confirmation_is_added_when_sending(self) -> None:
        careful = order("purge_queue", parameters={"queue": "q"})

        assert with_confirmation(careful.parameters, "ab12") == {
            "engine": "celery",
            "queue": "q",
            "force": False,
            "confirm_token": "ab12",
        }
        assert "confirm_token" not in careful.parameters

    def test_nobody_brings_his_own_confirmation(self) -> None:
        given = {"queue": "q", "confirm_token": "ab12"}

        assert refusal("purge_queue", parameters=given) == (
            "parameters.confirm_token",
            "parameters has no 'confirm_token'; it takes queue, force",
        )

    @pytest.mark.parametrize("limit", [0, 201])
    def test_pages_of_dead_letters(self, limit: int) -> None:
        assert refusal("dlq.list", "rq", parameters={"limit": limit})[0] == "parameters.limit"


class TestWorkers:
    @pytest.mark.parametrize(
        "action", ["pool_grow", "pool_shrink", "add_consumer", "cancel_consumer", "restart_worker"]
    )
    def test_celery_nodes_are_named(self, action: str) -> None:
        given = {"queue": "q"} if action.endswith("consumer") else {}

        assert refusal(action, parameters=given)[0] == "parameters.worker_name"

    @pytest.mark.parametrize("delta", [0, -1, 1.5, True, "2"])
    def test_a_pool_changes_by_whole_processes(self, delta: Any) -> None:
        given = {"worker_name": "w1@h", "delta": delta}

        assert refusal("pool_grow", parameters=given)[0] == "parameters.delta"

    @pytest.mark.parametrize("rate", ["0", "10", "10/s", "10/m", "1000/h"])
    def test_rates(self, rate: str) -> None:
        given = {"task_name": "app.add", "rate": rate}

        assert order("rate_limit", parameters=given).parameters["rate"] == rate

    @pytest.mark.parametrize("rate", ["0/s", "-1", "10/d", "10 /s", "1.5/s", "٣", "10/s\n", ""])
    def test_no_rates(self, rate: str) -> None:
        given = {"task_name": "app.add", "rate": rate}

        assert refusal("rate_limit", parameters=given)[0] == "parameters.rate"

    def test_a_process_that_leaves_is_named_by_its_worker_id(self) -> None:
        field, message = refusal("restart_worker", "huey")
        assert field == "worker_id"
        assert "give the worker_id" in message

        prepared = order("restart_worker", "huey", worker_id="bare-1-1")
        assert prepared.parameters == {"engine": "huey", "worker_name": "bare-1-1"}
        assert prepared.worker_id == "bare-1-1"
