"""Options that several task actions share, and what the engines make of them (§8.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import InvalidInput
from ..instants import SECOND
from .action import Draft
from .fields import Json, Number, Parameter, Text
from .values import kind_of

MAX_DELAY_SECONDS = 365 * 24 * 3_600
MAX_LAG_SECONDS = 60
LAST_SECOND = 253_402_300_799
"""The end of the year 9999, where Python's calendar ends."""

PRIORITY_LABELS = ("critical", "high", "normal", "low")
MAX_PRIORITY = 255

WITHOUT_TIMES = frozenset({"dramatiq", "taskiq"})
WITHOUT_PRIORITY = frozenset({"rq", "dramatiq", "arq", "taskiq"})


class TaskName:
    """The name of a task. The placeholders that agents show for names they do not know are none."""

    def check(self, value: Any, path: str) -> str:
        name = Text(500).check(value, path)
        if name == "unknown" or name.startswith("<unknown"):
            raise InvalidInput(
                f"{path} is {name!r}, which stands for a name that was not seen; give the real one",
                field=path,
            )
        return name


class Priority:
    """A label, or a whole number from 0 to 255."""

    def check(self, value: Any, path: str) -> str | int:
        if isinstance(value, str) and value in PRIORITY_LABELS:
            return value
        whole = isinstance(value, int) and not isinstance(value, bool)
        if whole and 0 <= value <= MAX_PRIORITY:
            return int(value)
        shown = value if whole or isinstance(value, str) else kind_of(value)
        raise InvalidInput(
            f"{path} must be one of {', '.join(PRIORITY_LABELS)}, or 0 to {MAX_PRIORITY}, "
            f"not {shown}",
            field=path,
        )


class Redacted:
    """A parameter of the protocol that agents ignore: the arguments we know are redacted copies."""

    def check(self, value: Any, path: str) -> None:
        raise InvalidInput(
            f"{path} is not used, as stored arguments are redacted; "
            "give override_args and override_kwargs",
            field=path,
        )


TIMES = (
    Parameter("eta", Number(0, LAST_SECOND)),
    Parameter("eta_seconds", Number(0, MAX_DELAY_SECONDS)),
)
OVERRIDES = (
    Parameter("override_args", Json(list)),
    Parameter("override_kwargs", Json(dict)),
    Parameter("args", Redacted()),
    Parameter("kwargs", Redacted()),
)


def refuse_unsupported(draft: Draft) -> None:
    """Raises InvalidInput for times or a priority that the engine cannot honour."""
    given = draft.parameters
    if "eta" in given and "eta_seconds" in given:
        raise InvalidInput("give eta or eta_seconds, not both", field="parameters.eta_seconds")
    for name in ("eta", "eta_seconds"):
        if name in given and draft.engine in WITHOUT_TIMES:
            raise _unsupported(draft.engine, name)
    if "priority" in given and draft.engine in WITHOUT_PRIORITY:
        raise _unsupported(draft.engine, "priority")


def _unsupported(engine: str, name: str) -> InvalidInput:
    return InvalidInput(f"{engine} has no {name}; leave it out", field=f"parameters.{name}")


def refuse_remote_eta(draft: Draft) -> None:
    """Raises InvalidInput for a time more than 60 s ago or more than 365 days ahead."""
    eta = draft.parameters.get("eta")
    if eta is not None and not -MAX_LAG_SECONDS <= eta - draft.at / SECOND <= MAX_DELAY_SECONDS:
        raise InvalidInput(
            "parameters.eta must be at most 60 seconds ago and at most 365 days ahead "
            "(seconds since 1970, UTC)",
            field="parameters.eta",
        )


def has_overrides(parameters: Mapping[str, Any]) -> bool:
    """Whether both halves of a call are given: the agent needs nothing from elsewhere."""
    return "override_args" in parameters and "override_kwargs" in parameters


def refuse_half_a_call(engine: str, parameters: Mapping[str, Any]) -> None:
    """Raises InvalidInput for one override without the other, or overrides without a name."""
    for given, missing in (
        ("override_args", "override_kwargs"),
        ("override_kwargs", "override_args"),
    ):
        if given in parameters and missing not in parameters:
            raise InvalidInput(
                f"{engine} needs {missing} too when {given} is given; "
                "use an empty list or object for none",
                field=f"parameters.{missing}",
            )
    if has_overrides(parameters) and "task_name" not in parameters:
        raise InvalidInput(
            f"{engine} needs the task_name to call it with other arguments",
            field="parameters.task_name",
        )
