"""Exit codes of the command line, and what leads to each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from ...domain.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    TaskdeckError,
    Unauthenticated,
)


class ExitCode(IntEnum):
    OK = 0
    FAILED = 1
    USAGE = 2
    UNREACHABLE = 3
    NOT_FOUND = 4
    DENIED = 5
    CONFLICT = 6


class Unreachable(TaskdeckError):
    """The brain does not answer."""

    code = "unreachable"
    retryable = True


EXIT_CODES: Mapping[type[TaskdeckError], ExitCode] = {
    InvalidInput: ExitCode.USAGE,
    Unreachable: ExitCode.UNREACHABLE,
    NotFound: ExitCode.NOT_FOUND,
    Unauthenticated: ExitCode.DENIED,
    Forbidden: ExitCode.DENIED,
    Conflict: ExitCode.CONFLICT,
}


def exit_code_of(error: TaskdeckError) -> ExitCode:
    """The code of the nearest class; FAILED for what has none."""
    codes = (EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)
    return next(codes, ExitCode.FAILED)
