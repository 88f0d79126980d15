"""How long things are kept, as the API tells it."""

from __future__ import annotations

from pathlib import Path

from taskdeck.domain.access import Role
from taskdeck.domain.batching import Batch
from taskdeck.domain.instants import DAY, render_instant

from ..builders import run_of
from .brain import running_brain
from .people import quick_passwords, robot


async def test_everybody_learns_how_long_things_are_kept(
    tmp_path: Path, database_url: str | None
) -> None:
    flags = {"database_url": database_url, "event_retention_days": 7, "task_retention_days": 20}
    async with running_brain(tmp_path, overrides=quick_passwords, **flags) as brain:
        viewer = await robot(brain, Role.VIEWER, brain.project)
        old = brain.now() - 40 * DAY
        events = run_of("old", at=old, project_id=brain.project.id)
        await brain.container.event_store().append(Batch(tuple(events)))
        status, body = await viewer.call("GET", "/retention")
        await viewer.http.close()
    assert status == 200
    kept = {each["kind"]: each for each in body["kept"]}
    assert {kind: each["days"] for kind, each in kept.items()} == {
        "events": 7, "tasks": 20, "commands": 90, "statistics": 90,
    }  # fmt: skip
    assert kept["events"]["setting"] == "Z4J_EVENT_RETENTION_DAYS"
    # PostgreSQL may have an older day that is empty.
    assert kept["statistics"]["oldest_day"] <= render_instant(old - old % DAY)
    assert (kept["statistics"]["late"], kept["statistics"]["lag_seconds"]) == (False, 0)
