"""One key, one command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from taskdeck.domain.actions import OrderRequest, PreparedOrder, prepare
from taskdeck.domain.idempotency import command_id_for, same_order
from taskdeck.domain.ids import ProjectId

ASKED: dict[str, Any] = {
    "action": "submit_task",
    "engine": "celery",
    "parameters": {"name": "app.add", "args": [1]},
    "idempotency_key": "k",
}


def order(**changes: Any) -> PreparedOrder:
    return prepare(OrderRequest(**{**ASKED, **changes}), at=0)


def test_a_key_always_gives_the_same_id() -> None:
    first = command_id_for(ProjectId("p1"), "k")

    assert first == command_id_for(ProjectId("p1"), "k")
    assert str(UUID(first)) == first


def test_keys_belong_to_their_project() -> None:
    assert command_id_for(ProjectId("p1"), "k") != command_id_for(ProjectId("p2"), "k")
    assert command_id_for(ProjectId("p1"), "k") != command_id_for(ProjectId("p1"), "l")


def test_ids_outlive_releases() -> None:
    assert command_id_for(ProjectId("p1"), "k") == "97260699-6caf-5b79-918e-a5238b2c90ff"


def test_the_same_order_again(command: Callable[..., Any]) -> None:
    assert same_order(command(**ASKED), order())


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "submit_task", "engine": "huey"},
        {"agent_id": "a1"},
        {"worker_id": "w1"},
        {"timeout_seconds": 61},
        {"parameters": {"name": "app.add", "args": [2]}},
        {"parameters": {"name": "app.add", "args": [1.0]}},
        {"parameters": {"name": "app.add", "args": [True]}},
    ],
)
def test_another_order(command: Callable[..., Any], changes: dict[str, Any]) -> None:
    assert not same_order(command(**ASKED), order(**changes))
