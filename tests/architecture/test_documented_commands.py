"""Each `taskdeck …` line of the documents is one that the command line understands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from taskdeck.entrypoints.cli.root import taskdeck

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "deploy/README.md"]
LINE = re.compile(r"^    (?:\$ )?(?:[A-Z0-9_]+=\S+ )*(?:\S*/)?taskdeck (?P<arguments>.*)$", re.M)
OPERATOR = re.compile(r"^(\||\|\||&&|;|[0-9]?>{1,2}.*|<)$")


def commands() -> list[tuple[str, str]]:
    return [
        (document.name, found["arguments"])
        for document in DOCUMENTS
        for found in LINE.finditer(document.read_text())
    ]


@pytest.mark.parametrize(("document", "line"), commands())
def test_it_is_understood(document: str, line: str) -> None:
    arguments = []
    for word in shlex.split(line, comments=True):
        if OPERATOR.match(word):
            break
        arguments.append(word)
    understand(taskdeck, arguments)


def understand(command: click.Command, arguments: list[str]) -> None:
    """Parse the arguments down to the last command, without running it. Raises UsageError."""
    parent = None
    while isinstance(command, click.Group):
        parent = click.Context(command, parent=parent)
        _, found, arguments = command.resolve_command(parent, arguments)
        assert found is not None
        command = found
    command.make_context(command.name, arguments, parent=parent)


def test_there_are_lines_to_understand() -> None:
    assert len(commands()) > 30


@pytest.mark.parametrize("line", ["task list", "tasks list --stat x", "commands issue"])
def test_a_wrong_line_is_found_out(line: str) -> None:
    with pytest.raises(click.UsageError):
        understand(taskdeck, line.split())
