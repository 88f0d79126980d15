"""One step of a bulk operation: the next commands, and what is skipped on the way to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .actions import prepare
from .bulk import Bulk
from .bulk_items import Item, order_for, reason_to_skip
from .command_decisions import issue
from .commands import stream_of
from .errors import InvalidInput
from .idempotency import command_id_for
from .ids import AgentId
from .instants import SECOND, Instant
from .journal import Entry, Write
from .projections.tasks import TaskKey, TaskState


@dataclass(slots=True)
class Step:
    reached: int
    """Items from the front that are dealt with after this step."""
    skipped: dict[int, str] = field(default_factory=dict)
    issues: list[Write] = field(default_factory=list)
    """The first entries of the commands."""


def step_of(
    bulk: Bulk,
    items: Sequence[Item],
    states: Mapping[TaskKey, TaskState],
    homes: Mapping[TaskKey, AgentId],
    *,
    room: int,
    at: Instant,
) -> Step:
    """Deal with the next items of the set, up to so many commands; each goes to the task's agent."""
    step = Step(bulk.reached)
    for item in items:
        if len(step.issues) == room:
            break
        key = TaskKey(bulk.project_id, item.engine, item.task_id)
        reason = reason_to_skip(bulk.action, item, states.get(key))
        if reason is None:
            try:
                step.issues.append(_issue(bulk, step.reached, item, homes.get(key), at))
            except InvalidInput as error:
                reason = error.message
        if reason is not None:
            step.skipped[step.reached] = reason
        step.reached += 1
    return step


def _issue(bulk: Bulk, number: int, item: Item, home: AgentId | None, at: Instant) -> Write:
    """Raises InvalidInput for what no agent would do."""
    key = bulk.key_of(number)
    command_id = command_id_for(bulk.project_id, key)
    entry: Entry = issue(
        prepare(order_for(bulk.action, item, key, home), at=at),
        command_id=command_id,
        project_id=bulk.project_id,
        issued_by=bulk.created_by,
        at=at,
    )
    return Write(stream=stream_of(command_id), expected_version=0, entries=(entry,))


class Pace:
    """So many a second, and never more than those of one second at once."""

    def __init__(self, rate_per_second: int, now: Instant) -> None:
        self._rate = rate_per_second
        self._at = now
        self._left = 1.0

    def allowance(self, now: Instant) -> float:
        passed = max(0, now - self._at) / SECOND
        self._left = min(self._left + passed * self._rate, float(self._rate))
        self._at = now
        return self._left

    def spend(self, number: int) -> None:
        self._left -= number
