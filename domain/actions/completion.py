"""What an order may leave open, because the brain knows it of the task."""

from __future__ import annotations

from dataclasses import replace

from .catalogue import find, named_engine
from .orders import OrderRequest


def lacks_task_name(request: OrderRequest) -> bool:
    """Whether a task is to be called again with other arguments and its name is left out (§8.4)."""
    action, given = find(request.action), request.parameters
    overrides = (given.get("override_args"), given.get("override_kwargs"))
    return (
        action.takes_task
        and action.retries
        and given.get("task_name") is None
        and any(override is not None for override in overrides)
    )


def leaves_agent_open(request: OrderRequest) -> bool:
    """Whether any application's worker may carry out what is asked for a task."""
    return (
        find(request.action).takes_task and request.agent_id is None and request.worker_id is None
    )


def completed(
    request: OrderRequest, *, engine: str, task_name: str | None, agent_id: str | None = None
) -> OrderRequest:
    """The request with the engine, the task's name and its agent where it leaves them open.

    Raises InvalidInput if it names two engines.
    """
    parameters = request.parameters
    if task_name is not None and lacks_task_name(request):
        parameters = {**parameters, "task_name": task_name}
    if not leaves_agent_open(request):
        agent_id = request.agent_id
    return replace(
        request,
        engine=named_engine(request) or engine,
        agent_id=agent_id,
        parameters=parameters,
    )
