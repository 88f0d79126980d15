"""Bulk operations as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...domain.bulk import Bulk
from ...domain.bulk_items import ItemStanding
from ...domain.services.bulk_preview import BulkPreview
from .render import time
from .render_tasks import render_tasks

PLAIN_FIELDS = (
    "id",
    "action",
    "query",
    "resolved_query",
    "rate_per_second",
    "total",
    "done",
    "succeeded",
    "failed",
    "unknown",
    "skipped",
    "unanswered",
    "created_by",
)


def render_bulk(bulk: Bulk, names: Mapping[str, str]) -> dict[str, Any]:
    """`names` are of those who started it."""
    return {
        **{name: getattr(bulk, name) for name in PLAIN_FIELDS},
        "created_by_name": names[bulk.created_by],
        "status": bulk.status.value,
        "created_at": time(bulk.created_at),
        "finished_at": time(bulk.finished_at),
    }


def render_preview(preview: BulkPreview) -> dict[str, Any]:
    return {
        "count": preview.count,
        "exact": preview.exact,
        "sample": render_tasks(preview.sample, {}),
        "advice": list(preview.advice),
    }


def render_item(standing: ItemStanding) -> dict[str, Any]:
    command, item = standing.command, standing.item
    return {
        "number": standing.number,
        "engine": item.engine,
        "task_id": item.task_id,
        "name": standing.name,
        "status": standing.status,
        "error": standing.skipped if command is None else command.error or command.note,
        "command_id": None if command is None else command.id,
    }
