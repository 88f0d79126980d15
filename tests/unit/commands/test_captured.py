"""Commands recorded from real agents: what worked is accepted, what cannot work is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from taskdeck.domain.actions import OrderRequest, prepare
from taskdeck.domain.errors import InvalidInput
from taskdeck.domain.instants import SECOND

NOW = 1_790_000_000 * SECOND

CAPTURED: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("captured_commands.json").read_text(encoding="utf-8")
)

# Refusals that only the agent, its broker or its host can know of.
AGENT_KNOWS_BETTER = (
    "cannot retry 'nope'",
    "no engine adapter registered for 'rq'",
    "confirm_token mismatch",
    "no process supervisor detected",
)


def request_of(captured: dict[str, Any]) -> OrderRequest:
    target, parameters = captured["target"], dict(captured["parameters"])
    parameters.pop("confirm_token", None)  # Made by the brain when it sends.
    named = parameters.get("task_id") or target.get("id")
    about_a_task = captured["action"] in {
        "retry_task",
        "cancel_task",
        "reconcile_task",
        "requeue_dead_letter",
    }
    restarts_itself = captured["action"] == "restart_worker" and captured["connection"] != "celery"
    return OrderRequest(
        action=captured["action"],
        engine=target.get("engine") or captured["connection"],
        task_id=named if about_a_task else None,
        worker_id="bare-1-1" if restarts_itself else None,
        parameters=parameters,
    )


def is_up_to_the_agent(captured: dict[str, Any]) -> bool:
    said = captured["error"] or ""
    return captured["status"] == "success" or any(part in said for part in AGENT_KNOWS_BETTER)


def name_of(captured: dict[str, Any]) -> str:
    return f"{captured['connection']}-{captured['action']}-{captured['status']}"


@pytest.mark.parametrize(
    "captured", [each for each in CAPTURED if is_up_to_the_agent(each)], ids=name_of
)
def test_it_is_prepared_as_it_was_sent(captured: dict[str, Any]) -> None:
    order = prepare(request_of(captured), at=NOW)

    assert order.target.keys() == {"type", "id", "engine"}
    assert order.target["engine"] == order.parameters["engine"] == order.engine
    if "id" in captured["target"] and order.task_id is None:
        assert order.target["id"] == captured["target"]["id"]
    for name, value in captured["parameters"].items():
        if value is not None and name != "confirm_token":
            assert order.parameters[name] == value


@pytest.mark.parametrize(
    "captured", [each for each in CAPTURED if not is_up_to_the_agent(each)], ids=name_of
)
def test_it_is_refused_before_anything_is_sent(captured: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        prepare(request_of(captured), at=NOW)


def test_both_kinds_are_among_them() -> None:
    accepted = [each for each in CAPTURED if is_up_to_the_agent(each)]

    assert len(accepted) >= 30
    assert len(CAPTURED) - len(accepted) >= 8
