"""The set of a bulk operation: which tasks, in which state they were chosen, and what becomes of each.

It is frozen in a journal stream of its own, `bulk-items:<id>`, so many items an entry that any of them
is found without reading the others. The entry that creates the operation is written after these: a set
that no operation names is of no consequence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from .actions import OrderRequest
from .commands import Command
from .errors import InvalidInput
from .journal import Entry
from .projections.tasks import Task, TaskState

ITEMS = "bulk.items"
ITEMS_AN_ENTRY = 200
MOST_ITEMS = 100_000
TIMEOUT_SECONDS = 300
"""Of each command: some hundred of them may be in the hands of one slow worker."""
ACTIONS = ("retry_task", "cancel_task", "reconcile_task")
"""What can be done to many tasks at once: what takes a task and nothing else."""

_WAITING = frozenset({TaskState.SENT, TaskState.RECEIVED, TaskState.STARTED, TaskState.RETRIED})


class Item(NamedTuple):
    engine: str
    task_id: str
    state: TaskState
    """When the set was frozen."""

    @classmethod
    def of(cls, task: Task) -> Item:
        return cls(task.key.engine, task.key.task_id, task.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStanding:
    """One item, and what became of it: a command, a reason for none, or nothing yet."""

    number: int
    item: Item
    name: str | None = None
    """Of the task, as it is known today."""
    command: Command | None = None
    skipped: str | None = None

    @property
    def status(self) -> str:
        """That of the command, or `skipped`, or `waiting` while nothing was decided."""
        if self.command is not None:
            return self.command.status.value
        return "waiting" if self.skipped is None else "skipped"


def action_of_bulk(action: str) -> str:
    """Raises InvalidInput for an action that is not for many tasks."""
    if action not in ACTIONS:
        raise InvalidInput(
            f"{action!r} cannot be done in bulk; {', '.join(ACTIONS)} can", field="action"
        )
    return action


def items_stream(name: str) -> str:
    return f"bulk-items:{name}"


def entries_of(items: Sequence[Item]) -> Iterator[dict[str, Any]]:
    """The data of the entries that hold a set."""
    left = iter(items)
    while some := list(islice(left, ITEMS_AN_ENTRY)):
        yield {"items": [list(item) for item in some]}


def items_in(entry: Entry) -> list[Item]:
    return [Item(engine, task, TaskState(state)) for engine, task, state in entry.data["items"]]


def reason_to_skip(action: str, item: Item, present: TaskState | None) -> str | None:
    """Why the action would be wrong for a task that now stands so; None if it would not."""
    if present is None:
        return "the task is not known any more"
    match action:
        case "retry_task" if present in _WAITING:
            return f"the task has not ended; it is {present}"
        case "retry_task" if present is not item.state:
            return f"the task was {item.state} when it was chosen and is {present} by now"
        case "cancel_task" if present not in _WAITING:
            return f"the task has ended: {present}"
        case _:
            return None


def order_for(action: str, item: Item, key: str, agent_id: str | None = None) -> OrderRequest:
    return OrderRequest(
        action=action,
        agent_id=agent_id,
        engine=item.engine,
        task_id=item.task_id,
        timeout_seconds=TIMEOUT_SECONDS,
        idempotency_key=key,
    )
