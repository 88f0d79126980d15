"""What `render_bulks` answers."""

from __future__ import annotations

from ...domain.bulk import BulkStatus
from .schema import FLAG, TEXT, TIME, WHOLE, list_of, nullable, object_of, one_of
from .schema_tasks import TASK

BULK = object_of(
    "Bulk",
    id=TEXT,
    action=TEXT,
    query=TEXT,
    resolved_query=TEXT,
    rate_per_second=WHOLE,
    total=WHOLE,
    done=WHOLE,
    succeeded=WHOLE,
    failed=WHOLE,
    unknown=WHOLE,
    skipped=WHOLE,
    unanswered=WHOLE,
    created_by=TEXT,
    created_by_name=TEXT,
    status=one_of(BulkStatus),
    created_at=TIME,
    finished_at=nullable(TIME),
)
BULK_PREVIEW = object_of(
    "BulkPreview", count=WHOLE, exact=FLAG, sample=list_of(TASK), advice=list_of(TEXT)
)
ITEM = object_of(
    "BulkItem",
    number=WHOLE,
    engine=TEXT,
    task_id=TEXT,
    name=nullable(TEXT),
    status=TEXT,
    error=nullable(TEXT),
    command_id=nullable(TEXT),
)
