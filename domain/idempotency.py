"""Issuing a command twice with one key gives one command."""

from __future__ import annotations

from dataclasses import fields
from uuid import UUID, uuid5

from .actions import OrderRequest, PreparedOrder, prepare
from .actions.completion import completed
from .canonical import canonical_json
from .commands import Command
from .errors import InvalidInput
from .ids import CommandId, ProjectId

_KEYS = UUID("9f0c0c5e-5d0f-4b1e-9d57-6a3f2f1c7a10")


def command_id_for(project_id: ProjectId, idempotency_key: str) -> CommandId:
    """The id of the one command of a key: a second issue meets the first one's stream."""
    return CommandId(str(uuid5(_KEYS, f"{project_id}:{idempotency_key}")))


def repeats(command: Command, request: OrderRequest) -> bool:
    """Whether a request asks again for what a command was issued for.

    It is read as on the day of the command: what it leaves open counts as it was settled then, and
    times are judged from then. So the answer never changes.
    """
    if request.action != command.action:
        return False
    task_name = command.parameters.get("task_name")
    try:
        again = completed(
            request, engine=command.engine, task_name=task_name, agent_id=command.agent_id
        )
        order = prepare(again, at=command.issued_at)
    except InvalidInput:
        return False  # Whatever it is, the command came of a valid order.
    return same_order(command, order)


def same_order(command: Command, order: PreparedOrder) -> bool:
    """Whether an order repeats the one for which a command was issued."""
    return _text_of(command) == _text_of(order)


def _text_of(order: Command | PreparedOrder) -> bytes:
    # Not compared as Python values: to those 1, 1.0 and True are the same.
    names = (field.name for field in fields(PreparedOrder))
    return canonical_json({name: getattr(order, name) for name in names})
