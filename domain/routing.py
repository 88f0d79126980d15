"""Which connection gets a command: exactly one, or none for now (agent-protocol.md §8.2, §10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .actions import OrderRequest, PreparedOrder, find
from .actions.action import Action
from .actions.catalogue import named_engine
from .actions.options import has_overrides
from .commands import Command
from .errors import InvalidInput
from .ids import LEGACY_WORKER, ProjectId, SessionId, WorkerSlot
from .sessions import LiveSession

RETRY_BY_REFERENCE = "retry_by_reference"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a connection must be, and what to say when none of the connected ones is."""

    holds: Callable[[LiveSession], bool]
    otherwise: str


def choose(
    command: Command, sessions: Iterable[LiveSession], load: Mapping[SessionId, int]
) -> LiveSession | None:
    """The fitting session with the fewest open commands; of equals, the oldest.

    `load` counts the open commands of a session; one that is not in it has none.
    """
    fitting, _ = _fitting(command, sessions)
    if not fitting:
        return None
    return min(fitting, key=lambda s: (load.get(s.session_id, 0), s.opened_at, s.session_id))


def fits(command: Command, session: LiveSession) -> bool:
    """Whether this session may carry out the command."""
    return bool(_fitting(command, [session])[0])


def explain(command: Command, sessions: Iterable[LiveSession]) -> str:
    """Why no session fits, or that one does, in a sentence for people."""
    fitting, reason = _fitting(command, sessions)
    return "a fitting worker is connected" if fitting else reason


def strangers(command: Command, sessions: Iterable[LiveSession]) -> tuple[str, ...]:
    """A warning where workers of several agents may get it, for they may be of several applications."""
    agents = sorted({session.agent_id for session in _fitting(command, sessions)[0]})
    if len(agents) < 2:
        return ()
    return (
        f"Several agents fit, and no event tells which one's worker runs the task: {', '.join(agents)}. "
        "If their applications differ, name the agent_id, or keep them in projects of their own.",
    )


def obstacle_to(
    order: PreparedOrder, project_id: ProjectId, sessions: Iterable[LiveSession]
) -> str | None:
    """Why no session would fit the command of an order, or None if one would."""
    fitting, reason = _narrow(order, project_id, None, sessions)
    return None if fitting else reason


def _fitting(command: Command, sessions: Iterable[LiveSession]) -> tuple[list[LiveSession], str]:
    return _narrow(command, command.project_id, command.bound_to, sessions)


def _narrow(
    wanted: Command | PreparedOrder,
    project_id: ProjectId,
    bound: WorkerSlot | None,
    sessions: Iterable[LiveSession],
) -> tuple[list[LiveSession], str]:
    """The sessions that meet all conditions, or none and the first condition that none meets."""
    left = list(sessions)
    for condition in _conditions(wanted, project_id, bound):
        left = [session for session in left if condition.holds(session)]
        if not left:
            return [], condition.otherwise
    if wanted.agent_id is None and wanted.worker_id is not None:
        agents = sorted({session.agent_id for session in left})
        if len(agents) > 1:
            # Worker ids are made of a pid and a start time: containers may share one.
            return [], (
                f"several agents have a worker {wanted.worker_id}; "
                f"name the agent_id too: {', '.join(agents)}"
            )
    return left, ""


def _conditions(
    wanted: Command | PreparedOrder, project_id: ProjectId, bound: WorkerSlot | None
) -> Iterator[Condition]:
    """From the widest to the narrowest, so that the first one missed says most."""
    action, engine = find(wanted.action), wanted.engine
    yield Condition(lambda s: s.project_id == project_id, "no worker of the project is connected")
    if wanted.agent_id is not None:
        yield Condition(
            lambda s: s.agent_id == wanted.agent_id,
            f"no worker of agent {wanted.agent_id} is connected",
        )
    if wanted.worker_id is not None:
        yield Condition(
            lambda s: s.hello.worker_id == wanted.worker_id,
            f"worker {wanted.worker_id} is not connected",
        )
    if bound is not None:
        yield Condition(
            lambda s: s.slot == bound,
            f"worker {bound.worker_id} got the command before, only it may get it again, "
            "and it is not connected",
        )
    narrowed = wanted.agent_id is not None or wanted.worker_id is not None
    yield Condition(
        lambda s: engine in s.hello.engines,
        f"no connected worker {'of those asked for ' if narrowed else ''}has engine {engine}",
    )
    yield Condition(
        lambda s: _can(action, engine, s, wanted.parameters, wanted.worker_id),
        _cannot(action, engine),
    )
    if action.retries:
        yield Condition(
            lambda s: RETRY_BY_REFERENCE in s.hello.runtime_features,
            f"the agents of the connected {engine} workers are too old to retry safely "
            f"(no {RETRY_BY_REFERENCE}); upgrade them",
        )


def _can(
    action: Action,
    engine: str,
    session: LiveSession,
    parameters: Mapping[str, Any],
    worker_id: str | None,
) -> bool:
    """Whether the capabilities of a connection allow the action for the engine (§8.2)."""
    tokens = session.hello.capabilities.get(engine, frozenset())
    if action.token is None or action.token in tokens:
        return True
    if action.token_with_overrides in tokens and has_overrides(parameters):
        return True
    # Without the token the process leaves: nobody but the one that was named (§8.6).
    named = worker_id not in (None, LEGACY_WORKER) and session.hello.worker_id == worker_id
    return action.self_exit and named


def _cannot(action: Action, engine: str) -> str:
    if action.token is None:
        return ""
    also = ""
    if action.self_exit:
        also = "; name the worker_id of a process that may leave instead"
    if action.token_with_overrides is not None:
        also = f", or {action.token_with_overrides} and both overrides"
    return (
        f"no connected {engine} worker can {action.name}: it takes capability {action.token}{also}"
    )


def infer_engine(request: OrderRequest, sessions: Iterable[LiveSession]) -> str:
    """The engine of a request: the one it names, or the only one that could be meant.

    `sessions` are those of the project. Raises InvalidInput listing the candidates.
    """
    action = find(request.action)
    named = named_engine(request)
    if named is not None:
        return named
    if len(action.engines) == 1:
        return action.engines[0]
    candidates = {
        engine
        for session in sessions
        if request.agent_id in (None, session.agent_id)
        and request.worker_id in (None, session.hello.worker_id)
        for engine in session.hello.engines
        if engine in action.engines
        and _can(action, engine, session, request.parameters, request.worker_id)
    }
    if len(candidates) == 1:
        return candidates.pop()
    among = (
        f"connected workers can {action.name} with {', '.join(sorted(candidates))}"
        if candidates
        else f"no connected worker can {action.name}; {', '.join(action.engines)} could"
    )
    raise InvalidInput(f"name the engine: {among}", field="engine")
