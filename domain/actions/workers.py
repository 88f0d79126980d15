"""Actions on workers (§8.6). `worker_name` is the Celery node name, not a `worker_id`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import InvalidInput
from .action import ENGINES, QUEUE, Action, Draft, Subject
from .fields import Parameter, Text, Whole
from .options import TaskName

MAX_DELTA = 1_000

WORKER_NAME = Text(255)
NODE = Parameter("worker_name", WORKER_NAME, required=True)
DELTA = Parameter("delta", Whole(1, MAX_DELTA), default=1)
RATE = Text(
    20, pattern="0|[1-9][0-9]*(/[smh])?", hint='"0" (no limit), "10", "10/s", "10/m" or "10/h"'
)


def _restart(draft: Draft) -> Mapping[str, Any]:
    given = draft.parameters
    if draft.engine == "celery":
        if "worker_name" not in given:
            raise InvalidInput(
                "celery restarts a node by name; give worker_name, such as celery@host",
                field="parameters.worker_name",
            )
        return given
    if draft.worker_id is None:
        raise InvalidInput(
            f"a {draft.engine} worker restarts by leaving its process; give the worker_id of "
            "that process",
            field="worker_id",
        )
    # The name that the process gives in its last event.
    return {"worker_name": draft.worker_id, **given}


def _on_node(name: str, *parameters: Parameter) -> Action:
    return Action(
        name=name,
        subject=Subject.WORKER,
        engines=("celery",),
        parameters=(NODE, *parameters),
        target_id="worker_name",
        token=name,
    )


POOL_GROW = _on_node("pool_grow", DELTA)
POOL_SHRINK = _on_node("pool_shrink", DELTA)
ADD_CONSUMER = _on_node("add_consumer", Parameter("queue", QUEUE, required=True))
CANCEL_CONSUMER = _on_node("cancel_consumer", Parameter("queue", QUEUE, required=True))

RESTART_WORKER = Action(
    name="restart_worker",
    subject=Subject.WORKER,
    engines=ENGINES,
    parameters=(Parameter("worker_name", WORKER_NAME),),
    target_id="worker_name",
    token="restart_worker",
    self_exit=True,
    complete=_restart,
)

RATE_LIMIT = Action(
    name="rate_limit",
    subject=Subject.WORKER,
    engines=("celery",),
    parameters=(
        Parameter("task_name", TaskName(), required=True),
        Parameter("rate", RATE, required=True),
        Parameter("worker_name", WORKER_NAME),
    ),
    # Left out it means all nodes; agents take any other target.id for a node name (§8.3).
    target_id="worker_name",
    token="rate_limit",
)
