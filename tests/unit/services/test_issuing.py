"""What an operator may order, and what the brain fills in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from taskdeck.domain.actions import OrderRequest
from taskdeck.domain.errors import InvalidInput
from taskdeck.domain.fanout import Topic

from ...builders import event
from .brain import ACTOR, SUBMIT, Brain

BOTH: dict[str, Any] = {"override_args": [1], "override_kwargs": {}}


def retry(task_id: str = "t1", **parameters: Any) -> OrderRequest:
    return OrderRequest(action="retry_task", task_id=task_id, parameters=parameters)


async def saw(brain: Brain, engine: str, task_id: str = "t1", **data: Any) -> None:
    """An agent reported the task."""
    reported = event(
        "task.failed", task_id, engine=engine, project_id=brain.project.id,
        at=brain.clock.now(), **data,
    )  # fmt: skip
    await brain.report(reported)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (OrderRequest(action="no_such_action"), "action"),
        (OrderRequest(action="cancel_task", engine="celery"), "task_id"),
        (OrderRequest(action="cancel_task", engine="kafka", task_id="t"), "engine"),
        (OrderRequest(action="cancel_task", task_id="never-seen"), "engine"),
        (replace(SUBMIT, parameters={}), "parameters.name"),
        (replace(SUBMIT, parameters={"name": "a", "colour": "red"}), "parameters.colour"),
        (replace(SUBMIT, timeout_seconds=0), "timeout_seconds"),
        (replace(SUBMIT, worker_id=""), "worker_id"),
    ],
)
async def test_a_refused_order_names_the_field_and_leaves_nothing(
    brain: Brain, request_: OrderRequest, field: str
) -> None:
    written = len(brain.journal.writes)

    with pytest.raises(InvalidInput) as refused:
        await brain.order(request_)

    assert refused.value.details["field"] == field
    assert len(brain.journal.writes) == written


async def test_the_operator_is_on_record(brain: Brain) -> None:
    command = await brain.submit()

    (issued,) = await brain.entries(command.stream)
    assert (issued.entry.actor, issued.entry.project_id) == (ACTOR, brain.project.id)


async def test_waiting_is_explained(brain: Brain) -> None:
    await brain.connect("w1", engines=["rq"], capabilities={"rq": ["submit_task"]})

    issued = await brain.order(SUBMIT)

    assert issued.advice == ("It waits: no connected worker has engine celery.",)


async def test_there_is_no_advice_where_none_is_needed(brain: Brain) -> None:
    await brain.connect()

    assert (await brain.order(SUBMIT)).advice == ()


async def test_dashboards_are_told_of_an_order_that_waits(brain: Brain) -> None:
    async with brain.bus.subscribe() as changes:
        await brain.submit()
        assert Topic.COMMANDS in {change.topic for change in await anext(changes)}


async def test_the_engine_is_that_of_the_task(brain: Brain) -> None:
    await brain.connect("w1")
    await brain.connect("w2", engines=["rq"], capabilities={"rq": ["cancel_task"]})
    await saw(brain, "rq")

    issued = await brain.order(OrderRequest(action="cancel_task", task_id="t1"))

    assert issued.command.engine == "rq"


async def test_a_task_is_never_sought_in_another_engine(brain: Brain) -> None:
    await brain.connect("w1")
    await saw(brain, "taskiq")

    with pytest.raises(InvalidInput, match="taskiq cannot cancel_task"):
        await brain.order(OrderRequest(action="cancel_task", task_id="t1"))


async def test_of_two_tasks_with_one_id_none_is_meant(brain: Brain) -> None:
    await saw(brain, "rq")
    await saw(brain, "huey")

    with pytest.raises(InvalidInput) as refused:
        await brain.order(OrderRequest(action="cancel_task", task_id="t1"))

    assert refused.value.details["field"] == "engine"


async def test_tasks_of_other_projects_are_not_known(brain: Brain) -> None:
    await brain.stranger()
    other = await brain.projects.one("other")
    await saw(brain, "rq")

    order = OrderRequest(action="cancel_task", task_id="t1")
    issued = await brain.commands.issue(other, order, ACTOR)

    assert issued.command.engine == "celery"


@pytest.mark.parametrize("engine", ["celery", "rq", "dramatiq", "huey", "arq", "taskiq"])
async def test_other_arguments_go_with_the_name_of_the_task(brain: Brain, engine: str) -> None:
    await saw(brain, engine, task_name="shop.pay")

    issued = await brain.order(retry(**BOTH))

    assert issued.command.parameters == {
        "engine": engine,
        "task_id": "t1",
        "task_name": "shop.pay",
        **BOTH,
    }


async def test_a_given_name_stays(brain: Brain) -> None:
    await saw(brain, "rq", task_name="shop.pay")

    issued = await brain.order(retry(**BOTH, task_name="shop.ship"))

    assert issued.command.parameters["task_name"] == "shop.ship"


async def test_a_retry_by_reference_needs_no_name(brain: Brain) -> None:
    await saw(brain, "rq", task_name="shop.pay")

    issued = await brain.order(retry())

    assert "task_name" not in issued.command.parameters


async def test_a_dead_letter_is_called_by_its_name_too(brain: Brain) -> None:
    await saw(brain, "rq", task_name="shop.pay")

    issued = await brain.order(
        OrderRequest(action="requeue_dead_letter", task_id="t1", parameters=BOTH)
    )

    assert issued.command.parameters["task_name"] == "shop.pay"


@pytest.mark.parametrize("reported", [{}, {"task_name": "<unknown:12345678>"}])
async def test_a_name_that_nobody_knows_is_asked_for(
    brain: Brain, reported: dict[str, str]
) -> None:
    await saw(brain, "rq", **reported)

    with pytest.raises(InvalidInput) as refused:
        await brain.order(retry(**BOTH))

    assert refused.value.details["field"] == "parameters.task_name"


async def test_celery_looks_a_name_up_that_nobody_knows(brain: Brain) -> None:
    await saw(brain, "celery", task_name="<unknown:12345678>")

    issued = await brain.order(retry(**BOTH))

    assert "task_name" not in issued.command.parameters
