"""Actions on single tasks that start no task anew, and the one that starts a new one (§8.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .action import ENGINES, QUEUE, Action, Draft, Subject
from .fields import Json, Parameter, Whole
from .options import MAX_PRIORITY, TIMES, TaskName, refuse_unsupported


def _submit(draft: Draft) -> Mapping[str, Any]:
    # taskiq refuses every queue but its default one, whose name only the agent knows.
    refuse_unsupported(draft)
    return draft.parameters


SUBMIT_TASK = Action(
    name="submit_task",
    subject=Subject.TASK,
    engines=ENGINES,
    parameters=(
        Parameter("name", TaskName(), required=True),
        Parameter("args", Json(list)),
        Parameter("kwargs", Json(dict)),
        Parameter("queue", QUEUE),
        *TIMES,
        # Labels are for retries only: here the number goes to the library as it is.
        Parameter("priority", Whole(0, MAX_PRIORITY)),
    ),
    token="submit_task",
    complete=_submit,
)

CANCEL_TASK = Action(
    name="cancel_task",
    subject=Subject.TASK,
    engines=("celery", "rq", "dramatiq", "huey", "arq"),
    takes_task=True,
    target_id="task_id",
    token="cancel_task",
    redeliverable=True,
)

RECONCILE_TASK = Action(
    name="reconcile_task",
    subject=Subject.TASK,
    engines=ENGINES,
    takes_task=True,
    target_id="task_id",
    token=None,
    redeliverable=True,
)
