"""Failures by what they have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aiohttp import web

from ...domain.access import Role
from ...domain.actions.fields import Parameter
from ...domain.failure_groups import FailureGroup
from ...domain.instants import SECOND
from .endpoint import IN_PROJECT, Answer, Endpoint, Route, project_of, query_of
from .kinds import LINE, Digits, Moment
from .parts import ApiParts
from .render import time
from .schema import FLAG, TEXT, TIME, WHOLE, list_of, nullable, object_of

MOST_GROUPS = 200

GROUP = object_of(
    "FailureGroup",
    fingerprint=TEXT,
    rest=FLAG,
    exception=nullable(TEXT),
    message=nullable(TEXT),
    place=nullable(TEXT),
    count=WHOLE,
    retried=WHOLE,
    first_seen_at=TIME,
    last_seen_at=TIME,
    tasks=list_of(object_of(engine=TEXT, name=nullable(TEXT), count=WHOLE)),
    trend=list_of(object_of(at=TIME, count=WHOLE)),
    example=nullable(
        object_of("FailureExample", engine=TEXT, task_id=TEXT, message=nullable(TEXT))
    ),
)
FAILURES = Endpoint(
    method="GET",
    path=f"{IN_PROJECT}/failures",
    summary="Failures by exception, message and place, the most frequent first",
    tag="tasks",
    needs=Role.VIEWER,
    query=(
        Parameter("since", Moment()),
        Parameter("until", Moment()),
        Parameter("engine", LINE),
        Parameter("name", LINE),
        Parameter("limit", Digits(1, MOST_GROUPS), default=50),
    ),
    answers={
        200: object_of(
            "Failures",
            since=TIME,
            until=TIME,
            step_seconds=WHOLE,
            failures=list_of(GROUP),
            left_out=WHOLE,
        )
    },
)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def failures(request: web.Request) -> Answer:
        """How often each kind of failure came up; without limits of time, in the last day. `since` and
        `until` of the answer are those of whole steps. `fingerprint:…` in a query finds the tasks
        that failed so and were not done since. The group with `rest` counts the kinds beyond the
        first 200 of a day together."""
        found = await parts.failures.overview(project_of(request), **query_of(request))
        return Answer(
            {
                "since": time(found.window.since),
                "until": time(found.window.until),
                "step_seconds": found.window.step // SECOND,
                "failures": [_group(each) for each in found.groups],
                "left_out": found.left_out,
            }
        )

    yield FAILURES, failures


def _group(group: FailureGroup) -> dict[str, Any]:
    kind, task = group.kind, group.newest
    return {
        "fingerprint": group.fingerprint,
        "rest": group.is_rest,
        "exception": kind.exception or None,
        "message": kind.message or None,
        "place": kind.place or None,
        "count": group.count,
        "retried": group.retried,
        "first_seen_at": time(group.first_at),
        "last_seen_at": time(group.last_at),
        "tasks": [
            {"engine": each.engine, "name": each.name or None, "count": each.count}
            for each in group.tasks
        ],
        "trend": [{"at": time(point.at), "count": point.count} for point in group.trend],
        "example": task
        and {
            "engine": task.key.engine,
            "task_id": task.key.task_id,
            "message": task.field("exception_message"),
        },
    }
