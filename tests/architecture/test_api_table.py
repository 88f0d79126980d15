"""Whoever adds a path to the API tells of it in docs/api.md."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

from taskdeck.domain.actions.catalogue import ACTIONS
from taskdeck.entrypoints.http.openapi import plain
from taskdeck.entrypoints.http.routes import all_routes

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"


def test_every_path_is_in_the_table() -> None:
    served = {
        f"| `{each.method} {plain(each.path)}` | {each.needs} | {each.summary} |"
        for each, _ in all_routes(Mock())
    }
    told = {line for line in DOCUMENT.read_text().splitlines() if " /" in line[:12]}
    assert told == served, "docs/api.md has a row for each path"


def test_every_action_is_in_the_table() -> None:
    text = DOCUMENT.read_text()
    for name, action in ACTIONS.items():
        named = ["task_id"] if action.takes_task else []
        named += [each.name + ("" if each.required else "?") for each in action.parameters]
        takes = ", ".join(f"`{each}`" for each in named)
        assert f"| `{name}` | {', '.join(action.engines)} | {takes} |\n" in text
