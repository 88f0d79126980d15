"""All actions, and the way from a request to a prepared order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import InvalidInput
from ..ids import AgentId
from ..instants import Instant
from . import queues, retries, tasks, workers
from .action import TASK_ID, Action, Draft
from .fields import Text, Whole, check
from .orders import (
    MAX_AGENT_ID,
    MAX_IDEMPOTENCY_KEY,
    MAX_TIMEOUT_SECONDS,
    MAX_WORKER_ID,
    OrderRequest,
    PreparedOrder,
)
from .values import checked_size

TIMEOUT = Whole(1, MAX_TIMEOUT_SECONDS)

ACTIONS: Mapping[str, Action] = {
    action.name: action
    for action in (
        tasks.SUBMIT_TASK,
        tasks.CANCEL_TASK,
        tasks.RECONCILE_TASK,
        retries.RETRY_TASK,
        retries.BULK_RETRY,
        retries.REQUEUE_DEAD_LETTER,
        queues.DLQ_LIST,
        queues.PURGE_QUEUE,
        workers.RESTART_WORKER,
        workers.POOL_GROW,
        workers.POOL_SHRINK,
        workers.ADD_CONSUMER,
        workers.CANCEL_CONSUMER,
        workers.RATE_LIMIT,
    )
}


def find(name: str) -> Action:
    """The action of this name. Raises InvalidInput listing all of them."""
    action = ACTIONS.get(name)
    if action is None:
        raise InvalidInput(
            f"there is no action {name!r}; there are {', '.join(ACTIONS)}", field="action"
        )
    return action


def prepare(request: OrderRequest, *, at: Instant) -> PreparedOrder:
    """Exactly what will be sent for a request that arrived at `at`.

    Raises InvalidInput for everything that the agent, or its engine, would refuse and that can be
    known beforehand. The engine must be named (see `routing.infer_engine`).
    """
    action = find(request.action)
    engine = named_engine(request)
    if engine is None:
        raise InvalidInput(
            f"name the engine; {', '.join(action.engines)} can {action.name}", field="engine"
        )
    action.can_be_met(engine)
    task_id = named_task(request)
    worker_id = _optional(Text(MAX_WORKER_ID), request.worker_id, "worker_id")
    draft = Draft(engine=engine, worker_id=worker_id, parameters=_checked(action, request), at=at)
    parameters = {"engine": engine, **action.complete(draft)}
    if task_id is not None:
        parameters["task_id"] = task_id
    target = {
        "type": str(action.subject),
        "id": parameters.get(action.target_id, ""),
        "engine": engine,
    }
    checked_size([target, parameters])
    agent_id = _optional(Text(MAX_AGENT_ID), request.agent_id, "agent_id")
    return PreparedOrder(
        action=action.name,
        engine=engine,
        agent_id=None if agent_id is None else AgentId(agent_id),
        worker_id=worker_id,
        task_id=task_id,
        queue=parameters.get("queue"),
        target=target,
        parameters=parameters,
        timeout_seconds=TIMEOUT.check(request.timeout_seconds, "timeout_seconds"),
        idempotency_key=named_key(request),
    )


def _checked(action: Action, request: OrderRequest) -> dict[str, Any]:
    """The action's own parameters, each valid by itself."""
    common = {"engine", "task_id"} if action.takes_task else {"engine"}
    own = {name: value for name, value in request.parameters.items() if name not in common}
    return check(action.parameters, own, "parameters")


def named_engine(request: OrderRequest) -> str | None:
    """The engine that a request names, wherever it does. Raises InvalidInput if places differ."""
    places: dict[str, Any] = {
        "engine": request.engine,
        "parameters.engine": request.parameters.get("engine"),
    }
    selection = request.parameters.get("filter")
    if isinstance(selection, Mapping):
        places["parameters.filter.engine"] = selection.get("engine")
    return _agreed(Text(40), places)


def named_key(request: OrderRequest) -> str | None:
    """The idempotency key of a request. Raises InvalidInput."""
    return _optional(Text(MAX_IDEMPOTENCY_KEY), request.idempotency_key, "idempotency_key")


def named_task(request: OrderRequest) -> str | None:
    """The task of a request, None where its action takes none. Raises InvalidInput."""
    action = find(request.action)
    if not action.takes_task:
        if request.task_id is not None:
            raise InvalidInput(f"{action.name} takes no task_id", field="task_id")
        return None
    places = {
        "task_id": request.task_id,
        "parameters.task_id": request.parameters.get("task_id"),
    }
    task_id = _agreed(TASK_ID, places)
    if task_id is None:
        raise InvalidInput("task_id is required", field="task_id")
    return task_id


def _agreed(kind: Text, places: Mapping[str, Any]) -> str | None:
    """The one value that all places give that give any."""
    agreed: str | None = None
    for path, value in places.items():
        if value is None:
            continue
        text = kind.check(value, path)
        if agreed is not None and text != agreed:
            raise InvalidInput(f"{path} is {text!r}, but {agreed!r} is named elsewhere", field=path)
        agreed = text
    return agreed


def _optional(kind: Text, value: str | None, path: str) -> str | None:
    return None if value is None else kind.check(value, path)
