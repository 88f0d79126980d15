"""What one action is: its parameters, who can carry it out, and how it is addressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..errors import InvalidInput
from ..events import MAX_TASK_ID
from ..instants import Instant
from .fields import Parameter, Text

ENGINES = ("celery", "rq", "dramatiq", "huey", "arq", "taskiq")

TASK_ID = Text(MAX_TASK_ID)
QUEUE = Text(200)


class Subject(StrEnum):
    """What an action is about: `target.type`."""

    TASK = "task"
    QUEUE = "queue"
    WORKER = "worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An order whose parameters are valid one by one, before its engine has been asked."""

    engine: str
    worker_id: str | None
    parameters: dict[str, Any]
    at: Instant


def as_given(draft: Draft) -> Mapping[str, Any]:
    return draft.parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """The specification of one action (§8.1, §8.2, §8.4-8.6)."""

    name: str
    subject: Subject
    engines: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
    takes_task: bool = False
    """The order names one task, as `task_id`."""
    target_id: str = ""
    """The parameter that `target.id` repeats; empty for none."""
    token: str | None
    """The capability that a connection needs for the engine; None: having the engine will do."""
    token_with_overrides: str | None = None
    """A capability that will do as well when both overrides are given."""
    retries: bool = False
    """Of the retry family: the agent must know retry by reference."""
    redeliverable: bool = False
    """May go to the same worker again when its connection broke (§8.1)."""
    self_exit: bool = False
    """Without the token, the very worker that is named can do it by leaving (§8.6)."""
    complete: Callable[[Draft], Mapping[str, Any]] = as_given
    """The parameters as sent. Raises InvalidInput for what the engine would refuse."""

    def can_be_met(self, engine: str) -> None:
        """Raises InvalidInput if no version of the engine's adapter has this action."""
        if engine not in ENGINES:
            raise InvalidInput(
                f"engine {engine!r} is not known; known are {', '.join(ENGINES)}", field="engine"
            )
        if engine not in self.engines:
            raise InvalidInput(
                f"{engine} cannot {self.name}; only {', '.join(self.engines)} can", field="engine"
            )
