"""taskdeck users, projects, keys and agents, on a home where no brain runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import CliRunner

from taskdeck.domain.errors import Conflict, InvalidInput, NotFound
from taskdeck.entrypoints.cli.root import taskdeck

PASSWORD = "correct horse battery\n"
Run: TypeAlias = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The JSON that a command prints; errors are raised."""

    def run(*arguments: str, typed: str | None = None) -> Any:
        result = CliRunner().invoke(
            taskdeck, [*arguments, "--json"], input=typed, env={"Z4J_BRAIN_HOME": str(tmp_path)}
        )
        if result.exception is not None:
            raise result.exception
        return json.loads(result.stdout[result.stdout.index("{") :])

    return run


def test_people_and_what_they_may(run: Run) -> None:
    with pytest.raises(InvalidInput, match="--admin"):
        run("users", "create", "bert", "--password-stdin", typed=PASSWORD)
    anna = run("users", "create", "anna", "--admin", typed=PASSWORD * 2)
    assert (anna["username"], anna["instance_admin"]) == ("anna", True)
    run("users", "create", "bert", "--name", "Bert B", "--password-stdin", typed=PASSWORD)
    run("projects", "create", "shop", "--name", "The shop")
    assert [each["slug"] for each in run("projects", "list")["projects"]] == ["default", "shop"]
    run("users", "grant", "bert", "shop", "operator")
    _, bert = run("users", "list")["users"]
    assert (bert["name"], bert["roles"]) == ("Bert B", {"shop": "operator"})
    run("users", "revoke", "bert", "shop")
    with pytest.raises(NotFound):
        run("users", "revoke", "bert", "shop")
    assert run("users", "disable", "bert")["disabled"]
    with pytest.raises(Conflict):
        run("users", "disable", "anna")
    assert not run("users", "enable", "bert")["disabled"]
    assert run("users", "reset-password", "bert", "--password-stdin", typed=PASSWORD)
    with pytest.raises(InvalidInput):
        run("users", "reset-password", "bert", "--password-stdin", typed="")


def test_keys_and_agents(run: Run) -> None:
    run("projects", "create", "shop")
    created = run(
        "keys",
        "create",
        "--name",
        "ci",
        "--role",
        "operator",
        "--project",
        "shop",
        "--expires",
        "9d",
    )
    record = created["record"]
    assert created["key"].startswith(record["prefix"])
    assert (record["role"], record["project"], record["created_by"]) == ("operator", "shop", "cli")
    assert record["expires_at"] > record["created_at"]
    for wrong in ("soon", "d", "-1d"):
        with pytest.raises(SystemExit):
            run("keys", "create", "--name", "ci", "--expires", wrong)
    with pytest.raises(InvalidInput, match="future"):
        run("keys", "create", "--name", "ci", "--expires", "2020-02-03")
    assert run("keys", "revoke", record["id"])["revoked_at"] is not None
    minted = run("agents", "create", "web", "--project", "shop")
    agent_id = minted["agent"]["id"]
    assert minted["advice"] == []
    (advice,) = run("agents", "create", "web", "--project", "shop")["advice"]
    assert agent_id in advice
    assert run("agents", "create", "web")["advice"] == [], "another project's is no namesake"
    with pytest.raises(NotFound):
        run("agents", "rotate", agent_id)
    rotated = run("agents", "rotate", agent_id, "--project", "shop", "--overlap", "2")
    assert rotated["token"] != minted["token"]
    assert rotated["hmac_secret"] == minted["hmac_secret"]
    assert rotated["agent"]["old_token_ends_at"] is not None
