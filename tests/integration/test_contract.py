"""Requests made up from the document, valid and not: what comes back is what the document says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from taskdeck.domain.access import Role
from taskdeck.domain.actions import OrderRequest
from taskdeck.domain.batching import Batch
from taskdeck.domain.services.bulks import BulkRequest

from ..builders import run_of
from .brain import Brain, running_brain
from .people import make_user, quick_passwords

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
LONGEST = 8_000
"""Longer requests are refused before they reach the API."""


@dataclass(frozen=True)
class Served:
    brain: Brain
    key: str
    document: Mapping[str, Any]
    known: Mapping[str, Mapping[str, str]]
    """The part of a path before an id -> what is there."""
    examples: int


@pytest.fixture
async def served(tmp_path: Path, database_url: str | None) -> AsyncIterator[Served]:
    place = {"overrides": quick_passwords, "database_url": database_url, "api_rate": 100_000}
    async with running_brain(tmp_path, **place) as brain:
        container = brain.container
        key = await container.keys().create("fuzz", Role.ADMIN, "test")
        spare = await container.keys().create("spare", Role.VIEWER, "test")
        user = await make_user(brain, "spare")
        facts = run_of("t1", at=brain.now(), project_id=brain.project.id)
        await container.event_store().append(Batch(tuple(facts)))
        order = OrderRequest(action="cancel_task", engine="huey", task_id="t1")
        issued = await container.commands().issue(brain.project, order, "test")
        wanted = BulkRequest(action="cancel_task", query="id:t1")
        bulk = await container.bulk.bulks().start(brain.project, wanted, "test")
        known: dict[str, dict[str, str]] = {
            "projects": {"slug": brain.project.slug},
            "agents": {"id": brain.minted.agent.id},
            "keys": {"id": spare.record.id},
            "commands": {"id": issued.command.id},
            "bulk": {"id": bulk.id},
            "tasks": {"engine": "huey"},
            "members": {"user_id": user.id},
            "users": {"user_id": user.id},
        }
        document = await asyncio.to_thread(_document, brain.url)
        yield Served(brain, key.key, document, known, 5 if database_url is None else 3)


def _document(url: str) -> Any:
    return requests.get(f"{url}/api/v1/openapi.json", timeout=60).json()


def closed(schema: Any) -> Any:
    """The same, with objects that have no more than they say."""
    match schema:
        case {"type": "object", "properties": _}:
            rest = {name: closed(each) for name, each in schema.items()}
            return {"additionalProperties": False, **rest}
        case dict():
            return {name: closed(each) for name, each in schema.items()}
        case list():
            return [closed(each) for each in schema]
        case _:
            return schema


def operations(served: Served) -> list[Any]:
    document = closed(deepcopy(served.document))
    # The key always goes along: what others may is told by the table of roles.
    del document["security"], document["components"]["securitySchemes"]
    for path, declared in document["paths"].items():
        for operation in declared.values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    parameter["schema"] = {"enum": [known_in(served, path, parameter["name"])]}
    schema = schemathesis.openapi.from_dict(document)
    found = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        found.append(result.ok())
    return found


def known_in(served: Served, path: str, name: str) -> str:
    """What is there, so that not all ends at 404."""
    known = [names[name] for part, names in served.known.items() if f"/{part}/{{{name}}}" in path]
    return known[0] if known else "t1"


@pytest.mark.timeout(300)
async def test_answers_are_what_the_document_says(served: Served) -> None:
    await asyncio.to_thread(try_all, served)


def try_all(served: Served) -> None:
    headers = {"Authorization": f"Bearer {served.key}"}
    with requests.Session() as session:
        for operation in operations(served):
            for mode in modes_of(operation):

                @settings(
                    max_examples=served.examples,
                    phases=[Phase.explicit, Phase.generate],
                    suppress_health_check=list(HealthCheck),
                    database=None,
                )
                @given(case=operation.as_strategy(generation_mode=mode))
                def one(case: Any) -> None:
                    assume(length_of(case) < LONGEST)
                    case.call_and_validate(
                        base_url=f"{served.brain.url}/api/v1",
                        session=session,
                        headers=headers,
                        checks=CHECKS,
                        timeout=60,
                    )

                one()


def length_of(case: Any) -> int:
    """Of the path and the query as they are sent."""
    sent = case.as_transport_kwargs(base_url="http://brain")
    url = requests.Request(sent["method"], sent["url"], params=sent.get("params")).prepare().url
    return len(url or "")


def modes_of(operation: Any) -> list[schemathesis.GenerationMode]:
    """Where nothing can be said, nothing wrong can be said."""
    raw = operation.definition.raw
    speaks = bool(raw["parameters"]) or "requestBody" in raw
    modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
    return modes if speaks else modes[:1]
