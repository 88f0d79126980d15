"""Commands as the API shows them. Delivery tokens stay between the brain and the agent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...domain.commands import Claim, Command, LateResult
from ...domain.services.commands import Issued
from .render import time

PLAIN_FIELDS = (
    "id",
    "action",
    "engine",
    "agent_id",
    "worker_id",
    "task_id",
    "queue",
    "parameters",
    "timeout_seconds",
    "idempotency_key",
    "issued_by",
    "attempts",
    "result",
    "error",
    "note",
)


def render_command(command: Command, names: Mapping[str, str]) -> dict[str, Any]:
    """`names` are of those who issued it."""
    return {
        **{name: getattr(command, name) for name in PLAIN_FIELDS},
        "issued_by_name": names[command.issued_by],
        "status": command.status.value,
        "final": command.status.final,
        "issued_at": time(command.issued_at),
        "deadline": time(command.deadline),
        "acknowledged_at": time(command.acknowledged_at),
        "session_lost_at": time(command.session_lost_at),
        "finished_at": time(command.finished_at),
        "delivery": None if command.claim is None else _delivery(command.claim),
        "late_result": None if command.late is None else _late(command.late),
    }


def render_issued(issued: Issued, names: Mapping[str, str]) -> dict[str, Any]:
    return {**render_command(issued.command, names), "advice": list(issued.advice)}


def _delivery(claim: Claim) -> dict[str, Any]:
    return {
        "agent_id": claim.agent_id,
        "worker_id": claim.worker_id,
        "session_id": claim.session_id,
        "at": time(claim.at),
        "confirmed_depth": claim.depth,
    }


def _late(late: LateResult) -> dict[str, Any]:
    return {
        "succeeded": late.succeeded,
        "result": late.result,
        "error": late.error,
        "at": time(late.at),
    }
