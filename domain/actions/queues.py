"""Actions on queues (§8.4, §8.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .action import QUEUE, Action, Subject
from .fields import Flag, Parameter, Text, Whole

DLQ_LIST = Action(
    name="dlq.list",
    subject=Subject.QUEUE,
    engines=("rq", "dramatiq"),
    parameters=(
        Parameter("queue", QUEUE),
        Parameter("limit", Whole(1, 200), default=100),
        Parameter("cursor", Text(4_096)),
    ),
    target_id="queue",
    token="list_dead_letters",
)

PURGE_QUEUE = Action(
    name="purge_queue",
    subject=Subject.QUEUE,
    engines=("celery", "rq", "dramatiq"),
    parameters=(
        Parameter("queue", QUEUE, required=True),
        Parameter("force", Flag(), default=False),
    ),
    target_id="queue",
    token="purge_queue",
)


def needs_confirmation(action: str, parameters: Mapping[str, Any]) -> bool:
    """Whether the agent will compare a token for the queue's depth with what it measures (§8.5)."""
    return action == PURGE_QUEUE.name and not parameters.get("force", False)


def with_confirmation(parameters: Mapping[str, Any], token: str) -> dict[str, Any]:
    """The parameters as sent, with the token that binds them to one depth."""
    return {**parameters, "confirm_token": token}
