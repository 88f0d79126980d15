"""What agents say of commands: taken up, and how they ended (agent-protocol.md §4, §8.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .effects import CommandFinished, CommandTaken
from .fields import deeper_than, optional_text
from .redaction import UNREDACTED, Redactor

MAX_ID = 64
MAX_ERROR = 8_192
MAX_NESTING = 80
STATUSES = ("success", "failed")


def parse_command_ack(command_id: str, payload: Mapping[str, Any]) -> CommandTaken:
    """Raises ValueError when the claim token is none that was ever sent."""
    return CommandTaken(command_id, optional_text(payload, "delivery_claim_token", MAX_ID))


def parse_command_result(
    command_id: str, payload: Mapping[str, Any], redactor: Redactor = UNREDACTED
) -> CommandFinished:
    """The end of a command; its status is one of `STATUSES`. Raises ValueError as above.

    A result too deep for others to read is replaced, not refused: agents send it only once.
    """
    result, error = payload.get("result"), payload.get("error")
    if deeper_than(MAX_NESTING, result):
        result = {"omitted": f"the result was nested deeper than {MAX_NESTING} levels"}
    return CommandFinished(
        command_id,
        optional_text(payload, "delivery_claim_token", MAX_ID),
        payload["status"] == "success",
        redactor.value(result) if isinstance(result, dict) else None,
        redactor.value(error[:MAX_ERROR]) if isinstance(error, str) else None,
    )
