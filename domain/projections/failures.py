"""Exceptions, as each engine's agent words them (agent-protocol.md §6.3-6.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_REASON = 1_000
_TYPED = re.compile(r"^([A-Za-z_][\w.]*)(?:: (.*))?$", re.DOTALL)
_RETRY = re.compile(r"^Retry (?:in|at) .*?: (?=[A-Za-z_][\w.]*\()")
_RETRY_REPR = re.compile(r"^Retry\(Retry\(\.\.\.\), (.*), [^,()]*\)$", re.DOTALL)
_REPR = re.compile(r"^([A-Za-z_][\w.]*)\((.*)\)$", re.DOTALL)
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


def read_reason(data: Mapping[str, Any]) -> Failure:
    """Class and message out of what Celery gives as the reason of a retry (§6.3).

    Signals say `Retry in 3s: ValueError('no')`, the monitor `ValueError('no')` or
    `Retry(Retry(...), ValueError('no'), 3)`.
    """
    reason = (_text(data.get("reason")) or "")[:MOST_REASON]
    found = _REPR.match(_RETRY_REPR.sub(r"\1", _RETRY.sub("", reason)))
    if found is None:
        return Failure(None, None, None)
    name, arguments = found.groups()
    quoted = len(arguments) > 1 and arguments[0] in "'\"" and arguments[0] == arguments[-1]
    return Failure(name, arguments[1:-1] if quoted else arguments or None, None)


def _last_line(traceback: str) -> str:
    """The line that names the exception: the last one that is not indented."""
    lines = [line for line in traceback.splitlines() if line and not line[0].isspace()]
    return lines[-1] if lines else traceback


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
