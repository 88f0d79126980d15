"""The fields of the language, each with its kind, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import TypeAlias

from ..projections.tasks import TaskState
from .terms import Measure, Name, Op, Prose, Root


class State(Enum):
    STATE = auto()


class Bound(Enum):
    """A limit on the time of the last event, said with a colon."""

    SINCE = Op.AT_LEAST
    UNTIL = Op.LESS


Kind: TypeAlias = State | Name | Prose | Measure | Bound | Root

FIELDS: Mapping[str, Kind] = {
    "state": State.STATE,
    "name": Name.NAME,
    "engine": Name.ENGINE,
    "queue": Name.QUEUE,
    "worker": Name.WORKER,
    "id": Name.ID,
    "parent": Name.PARENT,
    "root": Name.ROOT,
    "tag": Name.TAG,
    "text": Prose.TEXT,
    "error": Prose.ERROR,
    "exception": Prose.EXCEPTION,
    "message": Prose.MESSAGE,
    "attempts": Measure.ATTEMPTS,
    "priority": Name.PRIORITY,
    "fingerprint": Name.FINGERPRINT,
    "runtime": Measure.RUNTIME,
    "wait": Measure.WAIT,
    "since": Bound.SINCE,
    "until": Bound.UNTIL,
    "received": Measure.RECEIVED,
    "started": Measure.STARTED,
    "finished": Measure.FINISHED,
    "args": Root.ARGS,
    "kwargs": Root.KWARGS,
    "result": Root.RESULT,
}

STATES: Mapping[str, TaskState] = {state.value: state for state in TaskState} | {
    "queued": TaskState.SENT,
    "pending": TaskState.SENT,
    "waiting": TaskState.RECEIVED,
    "running": TaskState.STARTED,
    "retry": TaskState.RETRIED,
    "success": TaskState.SUCCEEDED,
    "finished": TaskState.SUCCEEDED,
    "failure": TaskState.FAILED,
    "cancelled": TaskState.REVOKED,
    "canceled": TaskState.REVOKED,
}
"""Our words, and those that the engines use for them."""
