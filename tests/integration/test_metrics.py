"""`/metrics` and `/ready` of a whole brain."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from taskdeck.domain.access import Role
from taskdeck.domain.errors import StoreUnavailable

from ..agent_client import wire_run
from .brain import Brain, running_brain


@pytest.fixture
async def brain(tmp_path: Path) -> AsyncIterator[Brain]:
    async with running_brain(tmp_path) as running:
        yield running


async def get(url: str, key: str | None = None) -> tuple[int, str]:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        return answer.status, await answer.text()


async def scrape(brain: Brain) -> Mapping[tuple[str, ...], float]:
    key = (await brain.container.keys().create("prometheus", Role.VIEWER, "test")).key
    status, text = await get(f"{brain.url}/metrics", key)
    assert status == 200
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_what_agents_deliver_is_counted(brain: Brain) -> None:
    async with brain.agent() as agent:
        await agent.send_events(*wire_run("t1", at=brain.now()))
        await agent.ack()
        found = await scrape(brain)
    assert found["taskdeck_ingest_events_total", "stored"] == 3
    assert found["taskdeck_ingest_acks_total",] == 1
    assert found["taskdeck_agent_sessions",] == 1
    assert found["taskdeck_backlog_events",] == 0
    assert found["taskdeck_event_loop_lag_seconds_count",] >= 0
    done = [labels for labels in found if labels[0] == "taskdeck_tasks_total"]
    assert {labels[-1] for labels in done} == {"received", "started", "succeeded"}


async def test_metrics_tell_of_all_projects_and_take_a_key_that_may_read_them(brain: Brain) -> None:
    url, keys = f"{brain.url}/metrics", brain.container.keys()
    assert (await get(url))[0] == 401
    narrow = await keys.create("narrow", Role.ADMIN, "test", project=brain.project)
    assert (await get(url, narrow.key))[0] == 403


async def test_who_is_not_let_in_is_counted(brain: Brain) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError):
        async with brain.connect("no such token"):
            pass
    assert (await scrape(brain))["taskdeck_handshakes_refused_total", "4401"] == 1


async def test_postgres_tells_of_its_connections(tmp_path: Path, emptied_postgres_url: str) -> None:
    async with running_brain(tmp_path, database_url=emptied_postgres_url) as brain:
        async with brain.agent() as agent:
            await agent.send_events(*wire_run("t1", at=brain.now()))
            await agent.ack()
        found = await scrape(brain)
    assert found["taskdeck_database_connections", "ingest", "limit"] == 2
    assert found["taskdeck_ingest_events_total", "stored"] == 3
    assert any(labels[0] == "taskdeck_tasks_total" for labels in found)


async def test_metrics_for_everybody(tmp_path: Path) -> None:
    async with running_brain(tmp_path, metrics_public="yes") as brain:
        status, text = await get(f"{brain.url}/metrics")
    assert status == 200
    assert "taskdeck_build_info{" in text


async def test_ready_while_the_database_answers(
    brain: Brain, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{brain.url}/api/v1/ready"
    assert (await get(url))[0] == 200

    async def away() -> None:
        raise StoreUnavailable

    monkeypatch.setattr(brain.container.directory(), "projects", away)
    status, text = await get(url)
    assert status == 503
    assert "does not answer" in text
    assert (await get(f"{brain.url}/api/v1/health"))[0] == 200


async def test_not_ready_as_soon_as_it_is_told_to_stop(brain: Brain) -> None:
    brain.container.checkup().draining = True
    status, text = await get(f"{brain.url}/api/v1/ready")
    assert status == 503
    assert "is stopping" in text


async def test_retention_that_is_late_is_told_and_is_no_reason_to_go_elsewhere(
    brain: Brain,
) -> None:
    brain.container.retention().lag_seconds = 3 * 86_400.0 + 5
    status, text = await get(f"{brain.url}/api/v1/ready")
    assert status == 200
    assert json.loads(text)["retention"] == "is 3 days behind; see: taskdeck check"
