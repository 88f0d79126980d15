"""Exceptions, as each engine's agent words them (agent-protocol.md §6.3-6.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TYPED = re.compile(r"^([A-Za-z_][\w.]*)(?:: (.*))?$", re.DOTALL)
_TRACEBACK = "Traceback (most recent call last):"


@dataclass(frozen=True, slots=True)
class Failure:
    exception: str | None
    """Name of the class."""
    message: str | None
    traceback: str | None


def read_failure(data: Mapping[str, Any]) -> Failure:
    """Class, message and traceback, wherever the agent put them.

    Celery sends them apart, rq a whole traceback as `exception`, the others `Type: message`.
    """
    stated = _text(data.get("exception"))
    message = _text(data.get("exception_message"))
    traceback = _text(data.get("traceback"))
    if stated is None:
        return Failure(None, message, traceback)
    if traceback is None and _TRACEBACK in stated:
        traceback, stated = stated, _last_line(stated)
    typed = _TYPED.match(stated)
    if typed is None:
        return Failure(None, message or stated, traceback)
    name, rest = typed.groups()
    return Failure(name, message if message is not None else rest, traceback)


def _last_line(traceback: str) -> str:
    """The line that names the exception: the last one that is not indented."""
    lines = [line for line in traceback.splitlines() if line and not line[0].isspace()]
    return lines[-1] if lines else traceback


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
