"""Orders: what an operator asks for, and what will be sent for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..ids import AgentId

DEFAULT_TIMEOUT_SECONDS = 60
MAX_TIMEOUT_SECONDS = 3_600
MAX_IDEMPOTENCY_KEY = 200
MAX_AGENT_ID = 64
MAX_WORKER_ID = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest:
    """What an operator asked for, unchecked.

    `agent_id` and `worker_id` narrow down who may carry it out. Engine and task may be named here,
    in `parameters`, or in both if they agree.
    """

    action: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    engine: str | None = None
    agent_id: str | None = None
    worker_id: str | None = None
    task_id: str | None = None
    timeout_seconds: int = DEFAULT_TIMEOUT_SECONDS
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedOrder:
    """A valid order. `target` and `parameters` are what the agent will get (§8.3)."""

    action: str
    engine: str
    agent_id: AgentId | None
    worker_id: str | None
    task_id: str | None
    queue: str | None
    target: Mapping[str, Any]
    parameters: Mapping[str, Any]
    timeout_seconds: int
    idempotency_key: str | None
