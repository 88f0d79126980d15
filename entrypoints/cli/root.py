"""All commands by name; each module is imported when its command is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version

import click

COMMANDS: Mapping[str, tuple[str, str]] = {
    "serve": ("serve", "Run the brain."),
    "init": ("serve", "Prepare a home: database, secret, first keys."),
    "demo": ("demo", "Run a brain with a small simulated fleet."),
    "users": ("users", "People: create, list, disable, roles in projects."),
    "projects": ("projects", "Projects: create, list."),
    "agents": ("agents", "Credentials of applications: create, list, rotate, revoke."),
    "keys": ("keys", "API keys: create, list, revoke."),
    "tasks": ("tasks", "What ran: list, show, watch, export."),
    "failures": ("failure_groups", "Which defects are behind failed tasks."),
    "workers": ("fleet", "Who is there, and what they run."),
    "queues": ("fleet", "What waits, and how fast it moves."),
    "commands": ("commands", "Act on workers and tasks: issue, show, list, cancel."),
    "bulk": ("bulk", "One action on many tasks: preview, start, list, show, watch, pause, cancel."),
    "events": ("events", "What agents report: tail."),
    "audit": ("audit", "Who decided what, and whether that record is whole."),
    "replay": ("replay", "Rebuild all views from the logs."),
    "config": ("config", "Every setting with value, source and meaning."),
    "check": ("check", "What is wrong with this installation, and how to mend it."),
}


class LazyGroup(click.Group):
    """Knows its commands without importing them: `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f".{COMMANDS[cmd_name][0]}", __package__)
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, meaning) for name, (_, meaning) in COMMANDS.items()])


@click.group(cls=LazyGroup)
@click.version_option(version("taskdeck"))
def taskdeck() -> None:
    """A control plane for Python task queues.

    Start with `taskdeck serve`, give your application an agent with `taskdeck agents create NAME`,
    then look at `taskdeck tasks list`.

    Exit codes: 0 done, 1 failed, 2 wrong use, 3 no brain answers, 4 not found, 5 denied,
    6 conflict.
    """
