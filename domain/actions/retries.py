"""The retry family (§8.4): the same call again, by reference or with arguments given anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import InvalidInput
from .action import ENGINES, TASK_ID, Action, Draft, Subject
from .fields import Json, MapOf, Parameter, Record, Text, Texts, Whole
from .options import (
    OVERRIDES,
    TIMES,
    Priority,
    TaskName,
    has_overrides,
    refuse_half_a_call,
    refuse_remote_eta,
    refuse_unsupported,
)

MAX_BULK = 10_000


def _retry(draft: Draft) -> Mapping[str, Any]:
    refuse_unsupported(draft)
    given = draft.parameters
    match draft.engine:
        case "celery":
            # The result backend supplies whichever half of the call is not given.
            refuse_remote_eta(draft)
        case "rq":
            refuse_half_a_call("rq", given)
            refuse_remote_eta(draft)
            if not has_overrides(given) and not given.keys().isdisjoint({"eta", "eta_seconds"}):
                raise InvalidInput(
                    "rq retries by reference at once; for a later time give override_args, "
                    "override_kwargs and task_name",
                    field="parameters.override_args",
                )
        case engine:
            _refuse_by_reference(engine, given)
            refuse_half_a_call(engine, given)
            if isinstance(given.get("priority"), str):
                raise InvalidInput(
                    f"{engine} takes a number as priority", field="parameters.priority"
                )
    return given


def _refuse_by_reference(engine: str, given: Mapping[str, Any]) -> None:
    if "override_args" not in given and "override_kwargs" not in given:
        raise InvalidInput(
            f"{engine} keeps no arguments to retry with; give override_args, override_kwargs "
            "and task_name",
            field="parameters.override_args",
        )


def _requeue(draft: Draft) -> Mapping[str, Any]:
    refuse_half_a_call(draft.engine, draft.parameters)
    return draft.parameters


def _bulk_retry(draft: Draft) -> Mapping[str, Any]:
    selection = draft.parameters["filter"]
    ignored = "overrides" if draft.engine == "celery" else "task_priorities"
    if ignored in selection:
        raise InvalidInput(
            f"{draft.engine} ignores {ignored} in bulk_retry; leave it out",
            field=f"parameters.filter.{ignored}",
        )
    for name in ("task_names", "task_priorities", "overrides"):
        _refuse_strangers(selection, name)
    for task_id in selection.get("overrides", {}):
        if task_id not in selection.get("task_names", {}):
            raise InvalidInput(
                f"{draft.engine} needs the task_name of {task_id!r} to call it with other "
                "arguments",
                field=f"parameters.filter.task_names.{task_id}",
            )
    # For this action the agent goes by the engine of the filter (§8.3).
    return {**draft.parameters, "filter": {**selection, "engine": draft.engine}}


def _refuse_strangers(selection: Mapping[str, Any], name: str) -> None:
    strangers = selection.get(name, {}).keys() - set(selection["task_ids"])
    if strangers:
        raise InvalidInput(
            f"parameters.filter.{name} names {min(strangers)!r}, which is not in task_ids",
            field=f"parameters.filter.{name}",
        )


RETRY_TASK = Action(
    name="retry_task",
    subject=Subject.TASK,
    engines=ENGINES,
    parameters=(
        Parameter("task_name", TaskName()),
        *OVERRIDES,
        *TIMES,
        Parameter("priority", Priority()),
    ),
    takes_task=True,
    target_id="task_id",
    token="retry_task",
    token_with_overrides="submit_task",
    retries=True,
    complete=_retry,
)

REQUEUE_DEAD_LETTER = Action(
    name="requeue_dead_letter",
    subject=Subject.TASK,
    engines=("rq",),
    parameters=(Parameter("task_name", TaskName()), *OVERRIDES),
    takes_task=True,
    target_id="task_id",
    token="requeue_dead_letter",
    retries=True,
    complete=_requeue,
)

_CALL = Record(
    (
        Parameter("args", Json(list), required=True),
        Parameter("kwargs", Json(dict), required=True),
    )
)

_SELECTION = Record(
    (
        Parameter("engine", Text(40)),
        Parameter("task_ids", Texts(TASK_ID, MAX_BULK), required=True),
        Parameter("task_names", MapOf(TaskName())),
        Parameter("task_priorities", MapOf(Priority())),
        Parameter("overrides", MapOf(_CALL)),
    )
)

BULK_RETRY = Action(
    name="bulk_retry",
    subject=Subject.TASK,
    engines=("celery", "rq"),
    parameters=(
        Parameter("filter", _SELECTION, required=True),
        # Agents stop at 1 000 when nothing is said, silently; the list itself is the limit here.
        Parameter("max", Whole(1, MAX_BULK), default=MAX_BULK),
    ),
    token="bulk_retry",
    retries=True,
    complete=_bulk_retry,
)
