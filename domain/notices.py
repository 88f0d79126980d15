"""What an operator should read in the log, as a fact. Adapters decide how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """`code` is stable (`frame.clock_skew`); `message` says what happened and what to do. No secrets."""

    severity: Severity
    code: str
    message: str
    details: Mapping[str, object] = field(default_factory=dict)
