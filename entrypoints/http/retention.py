"""How long the brain keeps what it is told."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from ...domain.retention import LATE_SECONDS, DataKind, Kept
from ..settings import variables
from .endpoint import Access, Answer, Endpoint, Route
from .parts import ApiParts
from .render import time
from .schema import FLAG, NUMBER, TEXT, TIME, WHOLE, list_of, nullable, object_of, one_of

SETTINGS = {
    DataKind.EVENTS: "event_retention_days",
    DataKind.TASKS: "task_retention_days",
    DataKind.COMMANDS: "command_retention_days",
    DataKind.STATISTICS: "statistics_retention_days",
}
KEPT_DATA = object_of(
    "Kept",
    kind=one_of(DataKind),
    days=WHOLE,
    setting=TEXT,
    oldest_day=nullable(TIME),
    lag_seconds=NUMBER,
    late=FLAG,
)
RETENTION = Endpoint(
    method="GET",
    path="/retention",
    summary="How long each kind of data is kept, and how far back it reaches",
    tag="health",
    needs=Access.KNOWN,
    answers={200: object_of(kept=list_of(KEPT_DATA))},
)


def routes(parts: ApiParts) -> Iterator[Route]:
    async def retention(_: web.Request) -> Answer:
        """Of the whole brain, set by its environment. What lags is being removed, or cannot be."""
        return Answer({"kept": [_render(each) for each in await parts.retention.kept()]})

    yield RETENTION, retention


def _render(kept: Kept) -> dict[str, object]:
    return {
        "kind": kept.kind,
        "days": kept.days,
        "setting": variables()[SETTINGS[kept.kind]].name,
        "oldest_day": time(kept.oldest),
        "lag_seconds": kept.lag_seconds,
        "late": kept.lag_seconds > LATE_SECONDS,
    }
